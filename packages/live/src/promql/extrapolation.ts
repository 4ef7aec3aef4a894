// rate() and increase() as Prometheus computes them: https://github.com/prometheus/prometheus/blob/v2.42.0/promql/functions.go#L66

/** The samples of a counter within a window, oldest first. */
export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** By how much a counter grew in the window (`from`, `to`], resets taken into account, extrapolated to its ends; undefined below two samples. */
export function increase({ times, values }: Samples, from: number, to: number): number | undefined {
  const last = values.length - 1;
  if (last < 1) return undefined;
  const grown = growth(values);
  const sampled = times[last]! - times[0]!;
  const between = sampled / last;
  const toStart = Math.min(times[0]! - from, whenZero(grown, values[0]!, sampled));
  const reach = (gap: number): number => (gap < between * 1.1 ? gap : between / 2);
  return (grown * (sampled + reach(toStart) + reach(to - times[last]!))) / sampled;
}

/** A value below its predecessor: the counter began anew at 0. */
function growth(values: readonly number[]): number {
  let grown = values.at(-1)! - values[0]!;
  for (let i = 1; i < values.length; i += 1) if (values[i]! < values[i - 1]!) grown += values[i - 1]!;
  return grown;
}

/** No counter was below 0: how long before the first sample the counter would have been 0. */
function whenZero(grown: number, first: number, sampled: number): number {
  return grown > 0 && first >= 0 ? (sampled * first) / grown : Infinity;
}
