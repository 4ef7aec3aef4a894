// Cuts long loops over series into slices, so that a scrape holds the event loop for a moment at most.

/** The time in ms for a loop to go on before the loop rests. */
const SLICE_MS = 1;
/** The clock is read every 32 series: a read at every series would cost as much as mapping the series. */
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
