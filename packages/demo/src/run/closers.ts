// The steps to undo at the end, in the reverse order of their beginning.

export class Closers {
  #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Runs each closer once; a failing closer is reported, and the rest still run. */
  async run(): Promise<void> {
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      await close().catch((error: Error) => console.error(`while ending: ${error.message}`));
    }
  }
}
