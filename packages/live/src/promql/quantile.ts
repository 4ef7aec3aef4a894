// histogram_quantile() as in Prometheus: https://github.com/prometheus/prometheus/blob/v2.42.0/promql/quantile.go#L77

/** A bucket's upper bound and its cumulative count. */
export type Bucket = readonly [bound: number, count: number];

/** Linear within the bucket of the rank; NaN without anything to rank. */
export function bucketQuantile(q: number, buckets: readonly Bucket[]): number {
  const sorted = monotonic(merged(buckets));
  const last = sorted.length - 1;
  if (last < 1 || sorted[last]![0] !== Infinity || sorted[last]![1] === 0) return NaN;
  const rank = q * sorted[last]![1];
  const found = sorted.findIndex(([, count], index) => index === last || count >= rank);
  if (found === last) return sorted[last - 1]![0];
  const [bound, count] = sorted[found]!;
  if (found === 0 && bound <= 0) return bound;
  const [start, before] = found === 0 ? [0, 0] : sorted[found - 1]!;
  return start + (bound - start) * ((rank - before) / (count - before));
}

/** By bound; counts of the same bound (`10` and `10.0`) are added up. */
function merged(buckets: readonly Bucket[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const [bound, count] of buckets) counts.set(bound, (counts.get(bound) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}

/** Rates of neighbouring buckets may differ by a rounding error: no bucket is below its predecessor. */
function monotonic(buckets: readonly Bucket[]): Bucket[] {
  let most = -Infinity;
  return buckets.map(([bound, count]) => [bound, (most = Math.max(most, count))]);
}
