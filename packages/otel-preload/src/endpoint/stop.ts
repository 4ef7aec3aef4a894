// Ends waiting early: once stopped, every pending wait rejects.

/**
 * Against `Promise.race` with a promise of the end: each race leaves a reaction on that promise, and the reaction holds the awaited value. The
 * whole text of a scrape stayed in memory until the scrape's end, and collecting that garbage held the event loop.
 */
export class Stop {
  #cause: Error | undefined;
  readonly #waits = new Set<(cause: Error) => void>();

  /** Rejects all pending and all later waits. The first cause counts. */
  now(cause: Error): void {
    this.#cause ??= cause;
    for (const reject of this.#waits) reject(this.#cause);
  }

  /** Resolves to the work's result, unless stopped earlier. */
  unless<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#cause !== undefined) reject(this.#cause);
      else this.#waits.add(reject);
      work.then(resolve, reject).finally(() => this.#waits.delete(reject));
    });
  }
}
