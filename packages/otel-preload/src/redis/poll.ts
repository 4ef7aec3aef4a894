// Asks again and again on timers that never keep the process alive.

import { AsyncResource } from 'node:async_hooks';
import { after, inBackground } from '../later';
import { reason, sayOnce } from '../log';

const FIRST_MS = 250;
const INTERVAL_MS = 15_000;

export class Poll {
  #started = false;
  /** Timers would otherwise hold on to the async context of the request that happened to start them. */
  readonly #schedule = AsyncResource.bind((milliseconds: number) => {
    after(this.cause, milliseconds, () => inBackground(this.cause, this.#run()));
  });

  /**
   * @param cause names the work in the log line if it fails in a way that it should have handled itself
   * @param work is never called while its last call is still going on
   */
  constructor(
    private readonly cause: string,
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
    } catch (thrown) {
      sayOnce(this.cause, `${this.cause} failed: ${reason(thrown)}`);
    }
    this.#schedule(INTERVAL_MS);
  }
}
