// Long loops over series in slices, so that no scrape holds the event loop for more than a moment.

// Taken now: the app's tests may replace the global one by a fake that never runs.

/** How long a loop may go on before it lets others run, in ms. */
const SLICE_MS = 1;
/** Reading the clock at every series would cost as much as mapping it. */
const STRIDE = 32;

export class Slices {
  #steps = 0;
  #started = performance.now();

  /** True when the loop should `await rest()` now; to be asked once a series. */
  get due(): boolean {
    this.#steps += 1;
    return this.#steps % STRIDE === 0 && performance.now() - this.#started >= SLICE_MS;
  }

  /** Lets timers, I/O and requests run. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#started = performance.now();
  }
}
