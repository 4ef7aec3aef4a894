// Metrics of several meters under one name become one family: Prometheus refuses a name or a series that comes twice.

import { DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../instruments/label-sets';
import { sayOnce } from '../log';
import { foreignText, kindOf, showOverflow } from './foreign';
import { pointsOf, withPoints } from './points';
import type { Slices } from './slices';

/** One family under `name` of parts that are all of one kind. Series that come twice add up; of a gauge the last one stays. */
export async function mergeParts(name: string, parts: readonly MetricData[], slices: Slices): Promise<MetricData> {
  const first = parts[0] as MetricData;
  const combine = combinerOf(name, first);
  const series = new Map<string, DataPoint<unknown>>();
  for (const part of parts) {
    for (const point of showOverflow(name, [...pointsOf(part)])) {
      const key = keyOf(point);
      const known = series.get(key);
      series.set(key, known === undefined ? point : combine(known, point));
      if (slices.due) await slices.rest();
    }
  }
  const description = first.descriptor.description || 'No description.';
  return { ...withPoints(first, [...series.values()]), descriptor: { ...first.descriptor, name, description, unit: '' } };
}

function keyOf({ attributes }: DataPoint<unknown>): string {
  return foreignText(LabelSet.is(attributes) ? attributes.toAttributes() : attributes);
}

type Combine = (known: DataPoint<unknown>, other: DataPoint<unknown>) => DataPoint<unknown>;

function combinerOf(name: string, metric: MetricData): Combine {
  if (metric.dataPointType === DataPointType.HISTOGRAM) {
    return (known, other) => ({ ...known, value: sumOf(name, known.value as Histogram, other.value as Histogram) });
  }
  if (kindOf(metric) === 'counter') return (known, other) => ({ ...known, value: (known.value as number) + (other.value as number) });
  return (_, other) => other;
}

function sumOf(name: string, one: Histogram, other: Histogram): Histogram {
  const { boundaries, counts } = one.buckets;
  if (String(boundaries) !== String(other.buckets.boundaries)) {
    sayOnce(
      `buckets ${name}`,
      `histogram "${name}" is recorded by two meters with different buckets: of a series that both have, the first one is shown`,
    );
    return one;
  }
  const buckets = { boundaries, counts: counts.map((count, index) => count + (other.buckets.counts[index] as number)) };
  return { buckets, sum: (one.sum ?? 0) + (other.sum ?? 0), count: one.count + other.count };
}
