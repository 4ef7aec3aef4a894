// How many series the app's own metrics may have: each by itself, and all of them together.

import type { Config } from '../config';

/** All metrics together have room for as many series as so many that are full. */
const FULL_METRICS = 10;
/** Text at /metrics for each of those series: ten times what is usual, so that it counts where there are many buckets or long labels. */
const BYTES = 1000;
/** A value, and what stands around labels. */
const SAMPLE_BYTES = 30;

export class SeriesRoom {
  /** The most series of one metric; further ones count as `other`. */
  readonly ofOne: number;
  #series: number;
  #bytes: number;

  constructor({ seriesCap, labelCaps }: Pick<Config, 'seriesCap' | 'labelCaps'>) {
    this.ofOne = Math.max(seriesCap, labelCaps.rest);
    this.#series = this.ofOne * FULL_METRICS;
    this.#bytes = this.#series * BYTES;
  }

  /**
   * Takes the room of one more series, or returns false.
   *
   * @param size how many series the metric has
   * @param labels a length: that of its name and labels as they are written
   * @param lines to a series
   */
  take(size: number, labels: number, lines: number): boolean {
    const bytes = (labels + SAMPLE_BYTES) * lines;
    if (size >= this.ofOne || this.#series === 0 || this.#bytes < bytes) return false;
    this.#series -= 1;
    this.#bytes -= bytes;
    return true;
  }
}
