// What ends waiting early: once it is stopped, whatever is being waited for rejects.

/**
 * Against `Promise.race` with a promise of the end: each race leaves a reaction on that one, and with it what was waited for, so that the
 * whole text of a scrape stayed in memory until its end, and collecting that garbage held the event loop.
 */
export class Stop {
  #cause: Error | undefined;
  readonly #waits = new Set<(cause: Error) => void>();

  /** Ends what is waited for, and all later waiting. The first cause counts. */
  now(cause: Error): void {
    this.#cause ??= cause;
    for (const reject of this.#waits) reject(this.#cause);
  }

  /** What the work resolves to, unless it is stopped before. */
  unless<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#cause !== undefined) reject(this.#cause);
      else this.#waits.add(reject);
      work.then(resolve, reject).finally(() => this.#waits.delete(reject));
    });
  }
}
