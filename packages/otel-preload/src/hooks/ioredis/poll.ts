// Repeats questions on timers, without keeping the process alive.

import { AsyncResource } from 'node:async_hooks';
import { after, inBackground } from '../../later';
import { reason, sayOnce } from '../../log';

const FIRST_MS = 250;
/** The wait after a first failure, because the cause may pass: a restarting server, a client in the middle of closing. */
const AGAIN_MS = 1_000;
const INTERVAL_MS = 15_000;

export class Poll {
  #started = false;
  #failures = 0;
  /** Bound here; otherwise timers would hold on to the async context of the request at their start. */
  readonly #schedule = AsyncResource.bind((milliseconds: number) => {
    after(this.metric, milliseconds, () => inBackground(this.metric, this.#run()));
  });

  /**
   * @param metric the metric, absent while the work fails
   * @param remedy the advice after two failures in a row
   * @param work never called while its last call still runs
   */
  constructor(
    private readonly metric: string,
    private readonly remedy: string,
    private readonly work: () => Promise<void>,
  ) {}

  /** Soon after the first call, then every 15 s: Prometheus' usual interval. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#schedule(FIRST_MS);
  }

  async #run(): Promise<void> {
    try {
      await this.work();
      this.#failures = 0;
    } catch (thrown) {
      this.#failures += 1;
      if (this.#failures > 1) sayOnce(this.metric, `${this.metric} is left out until Redis tells it (${reason(thrown)}): ${this.remedy}`);
    }
    this.#schedule(this.#failures === 1 ? AGAIN_MS : INTERVAL_MS);
  }
}
