// Limits the scrapes under way. Further scrapes wait for their turn, and beyond a limit are turned away: no crowd of scrapers may hold the app.

import { after } from '../later';
import type { Stop } from './stop';

/** Two Prometheus servers, some browsers with the live page, and as many again. */
const PLACES = 16;
const WAITING = 64;
/** A scrape gives its place to a waiting scrape after this time: a client that reads at once needs milliseconds. */
const TURN_MS = 1000;

export class Places {
  /** Since when each has its place, the oldest first. */
  readonly #taken = new Map<Stop, number>();
  readonly #waiting = new Map<Stop, () => void>();
  #turns: NodeJS.Timeout | undefined;

  /** @returns undefined if there is no place and no room to wait; else resolves with a place. To be left again in both cases. */
  enter(stop: Stop): Promise<void> | undefined {
    if (this.#taken.size < PLACES) {
      this.#taken.set(stop, performance.now());
      return Promise.resolve();
    }
    if (this.#waiting.size >= WAITING) return undefined;
    return new Promise((resolve) => {
      this.#waiting.set(stop, resolve);
      this.#endTurns();
    });
  }

  leave(stop: Stop): void {
    this.#waiting.delete(stop);
    if (!this.#taken.delete(stop)) return;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next[0]);
    this.#taken.set(next[0], performance.now());
    next[1]();
  }

  /** Ends overdue turns, as many as scrapes wait; looks again as long as a scrape waits. */
  #endTurns(): void {
    if (this.#turns !== undefined) return;
    const over = performance.now() - TURN_MS;
    const ended = [...this.#taken].filter(([, since]) => since <= over).slice(0, this.#waiting.size);
    for (const [stop] of ended) stop.now(new Error('others wait, and it was not read within its turn'));
    this.#turns = after('the turns of scrapes', TURN_MS / 10, () => {
      this.#turns = undefined;
      if (this.#waiting.size > 0) this.#endTurns();
    });
  }
}
