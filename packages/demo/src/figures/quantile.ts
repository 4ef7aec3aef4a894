// Quantiles of a histogram, as Prometheus's histogram_quantile() estimates them.

/** How many observations were at most `upTo`: cumulative, as on the wire. */
export interface Bucket {
  readonly upTo: number;
  readonly count: number;
}

/**
 * The estimated `quantile` (0 to 1) in the unit of the bounds: linear within its bucket, from 0 in the first bucket, and the highest finite
 * bound beyond all buckets.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 *
 * @returns undefined without observations
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): number | undefined {
  const sorted = buckets.toSorted((a, b) => a.upTo - b.upTo);
  const total = sorted.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = quantile * total;
  const index = sorted.findIndex(({ count }) => count >= rank);
  const { upTo, count } = sorted[index]!;
  if (upTo === Infinity) return sorted[index - 1]?.upTo;
  const below = sorted[index - 1] ?? { upTo: 0, count: 0 };
  return below.upTo + (upTo - below.upTo) * ((rank - below.count) / (count - below.count));
}
