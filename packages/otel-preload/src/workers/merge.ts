// Merges the metrics of an app's processes: sums for counts, the catalogue's rule for values of the moment.

import { catalogue, type Merge, type Metric, type MetricName } from '../catalogue';
import { addNumbers, type HistogramNumbers } from '../exposition/histograms';
import type { Family, Labels, Value } from './family';

const SERIES: MetricName = 'otel_preload_series';

/** A process's share. An ended process keeps its counts, but has no values of the moment. */
export interface Share {
  readonly families: readonly Family[];
  readonly ended: boolean;
}

/** All families of all shares, in the order of first appearance. */
export function mergeShares(shares: readonly Share[]): Family[] {
  const parts = new Map<string, Family[]>();
  for (const { families, ended } of shares) {
    for (const family of families) {
      if (ended && family.kind === 'gauge') continue;
      const known = parts.get(family.name);
      if (known === undefined) parts.set(family.name, [family]);
      // A different kind or different buckets under the same name cannot be added up: the first family met is shown.
      else if (isAlike(known[0] as Family, family)) known.push(family);
    }
  }
  const merged = [...parts.values()].map(mergeFamily);
  return merged.map((family) => (family.name === SERIES ? recount(family, merged) : family));
}

function isAlike(one: Family, other: Family): boolean {
  return one.kind === other.kind && String(one.boundaries) === String(other.boundaries);
}

function mergeFamily(families: readonly Family[]): Family {
  const first = families[0] as Family;
  if (families.length === 1) return first;
  const merge = first.kind === 'gauge' ? ruleOf(first.name) : 'sum';
  const series = new Map<string, { labels: Labels; values: Value[] }>();
  for (const [labels, value] of families.flatMap((family) => family.series)) {
    const key = JSON.stringify(Object.entries(labels));
    const known = series.get(key);
    if (known === undefined) series.set(key, { labels, values: [value] });
    else known.values.push(value);
  }
  return { ...first, series: [...series.values()].map(({ labels, values }) => [labels, combine(values, merge)]) };
}

/** A gauge of the app's own is taken for an amount, and amounts add up. */
function ruleOf(name: string): Merge {
  return (catalogue[name as MetricName] as Metric | undefined)?.merge ?? 'sum';
}

function combine(values: readonly Value[], merge: Merge): Value {
  if (typeof values[0] === 'object') return (values as HistogramNumbers[]).reduce(addNumbers);
  const numbers = values as number[];
  const sum = (): number => numbers.reduce((total, value) => total + value, 0);
  switch (merge) {
    case 'sum':
      return sum();
    case 'max':
      return Math.max(...numbers);
    case 'min':
      return Math.min(...numbers);
    case 'average':
      return sum() / numbers.length;
  }
}

/** How many series each metric has is known after the merge alone. */
function recount(family: Family, merged: readonly Family[]): Family {
  const sizes = new Map(merged.map(({ name, series }) => [name, series.length]));
  return { ...family, series: family.series.map(([labels]) => [labels, sizes.get(labels['metric'] ?? '') ?? 0]) };
}
