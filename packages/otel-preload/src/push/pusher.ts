// Push after push: collects, sends, tries again within bounds, counts, and says when the collector goes away and when the collector is back.
// Nothing is kept for an absent collector: later totals include earlier totals, and deltas grow until they have arrived.

import type { Resource } from '@opentelemetry/resources';
import type { PushConfig } from '../config';
import type { Batch, Feed } from '../exposition/feed';
import { after } from '../later';
import { reason, say, sayOnce } from '../log';
import { encode } from './encoding';
import { post } from './exchange';
import { verdictOn, type Verdict } from './verdict';

/** The wait before the second attempt; doubled before each further attempt. */
const FIRST_WAIT_MS = 1000;

export class Pusher {
  readonly points = { sent: 0, failed: 0, dropped: 0 };
  #running: Promise<void> | undefined;
  #away = false;
  /** performance.now() before which the collector does not want a request. */
  #notBefore = 0;
  #ending = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly config: PushConfig,
    private readonly resource: Resource,
    private readonly feed: Feed,
  ) {}

  /** Pushes, or joins the running push. Never rejects. */
  push(): Promise<void> {
    return (this.#running ??= this.#push().finally(() => (this.#running = undefined)));
  }

  /** Pushes all counts up to now. */
  async pushNow(): Promise<void> {
    if (this.#running !== undefined) await this.#running;
    await this.push();
  }

  /** The same, as a last attempt without repetition. */
  async pushLast(): Promise<void> {
    this.#ending = true;
    this.#wake?.();
    await this.pushNow();
    // The app may go on: after an empty event loop with new work, after a signal that the app survives.
    this.#ending = false;
  }

  async #push(): Promise<void> {
    if (performance.now() < this.#notBefore && !this.#ending) return;
    try {
      const deadline = performance.now() + this.config.retryMs;
      for await (const batch of this.feed()) if (!(await this.#deliver(batch, deadline))) return;
    } catch (thrown) {
      sayOnce('push', `a push failed, the next one makes up for it: ${reason(thrown)}`);
    }
  }

  /** @returns false if the collector is away, so that further batches need not be tried */
  async #deliver({ scopeMetrics, points, delivered }: Batch, deadline: number): Promise<boolean> {
    const verdict = await this.#attempts(scopeMetrics, deadline);
    this.#report(verdict);
    if (verdict.result === 'failed') {
      this.points.failed += points;
      return false;
    }
    delivered();
    const refused = verdict.result === 'dropped' ? points : Math.min(verdict.refused, points);
    this.points.dropped += refused;
    this.points.sent += points - refused;
    return true;
  }

  async #attempts(scopeMetrics: Batch['scopeMetrics'], deadline: number): Promise<Verdict> {
    const body = await encode(this.resource, scopeMetrics, this.config);
    for (let attempt = 0; ; attempt += 1) {
      const verdict = verdictOn(await post(this.config, body), this.config);
      if (!verdict.again || this.#ending) return verdict;
      const wait = verdict.waitMs ?? backoff(attempt);
      if (performance.now() + wait > deadline) {
        this.#notBefore = performance.now() + (verdict.waitMs ?? 0);
        return verdict;
      }
      await this.#rest(wait);
    }
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      after('a push', ms, resolve);
    });
  }

  #report({ result, refused, why }: Verdict): void {
    const to = this.config.url.origin;
    if (result === 'dropped') sayOnce('push refused', `${to} refuses a batch of metrics, which is lost: ${why}`);
    if (refused > 0) sayOnce('push refused in part', `${to} refuses some of the metrics, which are lost: ${reason(why)}`);
    const away = result === 'failed';
    if (away === this.#away) return;
    this.#away = away;
    say(away ? `metrics cannot be pushed to ${to}: ${why}; said again when they can` : `metrics are pushed to ${to} again`);
  }
}

/** With jitter, so that not all instances come back at once. */
function backoff(attempt: number): number {
  return FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random() / 2);
}
