// The events between two scrapes: PromQL's increase(), by hand.

import type { Sample } from './exposition';
import { type Bucket, histogramQuantile } from './quantile';

export type Labels = Sample['labels'];

/** A label set of a histogram: its observations between two scrapes. */
export interface Observed {
  readonly labels: Labels;
  readonly count: number;
  /** undefined if nothing was observed */
  readonly mean: number | undefined;
  readonly p95: number | undefined;
}

/** A scrape, by series. */
export class Scrape {
  readonly #series = new Map<string, Sample>();
  readonly #byName = new Map<string, Sample[]>();

  constructor(samples: Sample[]) {
    for (const sample of samples) {
      this.#series.set(seriesKey(sample.name, sample.labels), sample);
      this.#byName.set(sample.name, [...(this.#byName.get(sample.name) ?? []), sample]);
    }
  }

  all(name: string): Sample[] {
    return this.#byName.get(name) ?? [];
  }

  value(name: string, labels: Labels = {}): number | undefined {
    return this.#series.get(seriesKey(name, labels))?.value;
  }
}

/** From a scrape of a process to a later scrape. A new series began at 0. */
export class Interval {
  constructor(
    readonly from: Scrape,
    readonly to: Scrape,
  ) {}

  /** How much each series of a counter grew. */
  counter(name: string): Sample[] {
    return this.to.all(name).map(({ labels, value }) => {
      const before = this.from.value(name, labels) ?? 0;
      return { name, labels, value: value < before ? value : value - before };
    });
  }

  histogram(name: string): Observed[] {
    const buckets = new Map<string, Bucket[]>();
    for (const { labels, value } of this.counter(`${name}_bucket`)) {
      const { le, ...rest } = labels;
      const key = seriesKey(name, rest);
      buckets.set(key, [...(buckets.get(key) ?? []), { upTo: le === '+Inf' ? Infinity : Number(le), count: value }]);
    }
    const sums = new Map(this.counter(`${name}_sum`).map(({ labels, value }) => [seriesKey(name, labels), value]));
    return this.counter(`${name}_count`).map(({ labels, value: count }) => {
      const key = seriesKey(name, labels);
      const mean = count > 0 ? sums.get(key)! / count : undefined;
      return { labels, count, mean, p95: histogramQuantile(0.95, buckets.get(key) ?? []) };
    });
  }
}

/** The same for the same labels in any order. */
export function seriesKey(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, pairs]);
}
