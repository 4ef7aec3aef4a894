// What has to be undone at the end, in the reverse order of its beginning.

export class Closers {
  #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Runs each once; one that fails is told, and does not keep the others from running. */
  async run(): Promise<void> {
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      await close().catch((error: Error) => console.error(`while ending: ${error.message}`));
    }
  }
}
