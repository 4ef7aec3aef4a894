// A histogram's numbers apart from the boundaries, and the sum of two histograms with the same boundaries.

import type { Histogram } from '@opentelemetry/sdk-metrics';

export interface HistogramNumbers {
  /** Records in each bucket alone, from the lowest bucket to `+Inf`. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export function numbersOf({ buckets, sum = 0, count }: Histogram): HistogramNumbers {
  return { counts: buckets.counts, sum, count };
}

export function addNumbers(left: HistogramNumbers, right: HistogramNumbers): HistogramNumbers {
  const counts = left.counts.map((count, bucket) => count + (right.counts[bucket] ?? 0));
  return { counts, sum: left.sum + right.sum, count: left.count + right.count };
}

export function addHistograms(left: Histogram, right: Histogram): Histogram {
  const { counts, sum, count } = addNumbers(numbersOf(left), numbersOf(right));
  return { buckets: { boundaries: left.buckets.boundaries, counts: counts as number[] }, sum, count };
}
