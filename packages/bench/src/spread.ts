// A figure's value in each round, and the median.

/** A median with its least and greatest value. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** In the order of the rounds: two contenders measured together share an index. */
  readonly values: readonly number[];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, values };
}

/** The same in each round, changed. */
export function mapped({ values }: Spread, change: (value: number) => number): Spread {
  return spreadOf(values.map(change));
}

/** In how many rounds the first was not above the second. */
export function roundsWithin({ values }: Spread, bound: Spread): number {
  return values.filter((value, round) => value <= bound.values[round]!).length;
}

/** True if a second bare run cost as much: noise hides the cost. */
export function isHidden({ median }: Spread, noise: Spread): boolean {
  return median >= noise.min && median <= noise.max;
}
