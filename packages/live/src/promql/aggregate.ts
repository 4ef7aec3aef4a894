// Aggregations over label sets.

import type { Node } from '@earntrack/monitoring';
import { keyOf, only } from './labels';
import type { Sample } from './value';

type Aggregation = Extract<Node, { op: 'aggregate' }>;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const COMBINED: Partial<Record<Aggregation['name'], (values: readonly number[]) => number>> = {
  sum: total,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  avg: (values) => total(values) / values.length,
  count: (values) => values.length,
};

export function aggregate({ name, by, parameter = 0 }: Pick<Aggregation, 'name' | 'by' | 'parameter'>, samples: readonly Sample[]): Sample[] {
  const groups = grouped(samples, by);
  if (name === 'topk') return groups.flatMap((group) => group.toSorted((a, b) => b.value - a.value).slice(0, parameter));
  const combine = COMBINED[name];
  if (!combine) throw new Error(`the page does not know the aggregation ${name}`);
  return groups.map((group) => ({ labels: only(group[0]!.labels, by), value: combine(group.map(({ value }) => value)) }));
}

function grouped(samples: readonly Sample[], by: readonly string[]): Sample[][] {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = keyOf(sample.labels, by);
    const group = groups.get(key);
    if (group) group.push(sample);
    else groups.set(key, [sample]);
  }
  return [...groups.values()];
}
