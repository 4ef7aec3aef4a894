// How many series the app's own metrics may have: each by itself, and all of them together.

import type { Config } from '../config';

/** All metrics together have room for the series of ten full metrics. */
const FULL_METRICS = 10;
/** Text at /metrics for each of those series: ten times the usual text, so that only many buckets or long labels reach the limit. */
const BYTES = 1000;
/** A value, with the characters around labels. */
const SAMPLE_BYTES = 30;

export class SeriesRoom {
  /** The most series of a metric; further series count as `other`. */
  readonly ofOne: number;
  #series: number;
  #bytes: number;

  constructor({ seriesCap, labelCaps }: Pick<Config, 'seriesCap' | 'labelCaps'>) {
    this.ofOne = Math.max(seriesCap, labelCaps.rest);
    this.#series = this.ofOne * FULL_METRICS;
    this.#bytes = this.#series * BYTES;
  }

  /**
   * Takes the room of a series, or returns false.
   *
   * @param size the number of the metric's series so far
   * @param labels the length of the metric's name and the series' labels in the text
   * @param lines in the text for each series
   */
  take(size: number, labels: number, lines: number): boolean {
    const bytes = (labels + SAMPLE_BYTES) * lines;
    if (size >= this.ofOne || this.#series === 0 || this.#bytes < bytes) return false;
    this.#series -= 1;
    this.#bytes -= bytes;
    return true;
  }
}
