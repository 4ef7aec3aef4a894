// Parts of a metric become a single family: Prometheus refuses a repeated name or series.

import { DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../labels/label-sets';
import { addHistograms } from './histograms';
import { pointsOf, withPoints } from './points';
import type { Slices } from './slices';

/** A family made of parts of the same kind with the same buckets. Values of a repeated series add up; for a gauge, the last value stays. */
export async function mergeParts(parts: readonly MetricData[], slices: Slices): Promise<MetricData> {
  const first = parts[0] as MetricData;
  const combine = combinerOf(first);
  const series = new Map<string, DataPoint<unknown>>();
  for (const part of parts) {
    for (const point of pointsOf(part)) {
      const key = keyOf(point);
      const known = series.get(key);
      series.set(key, known === undefined ? point : combine(known, point));
      if (slices.due) await slices.rest();
    }
  }
  return withPoints(first, [...series.values()]);
}

/** The same key for labels in any order; to Prometheus, an empty label is no label. */
function keyOf({ attributes }: DataPoint<unknown>): string {
  const labels = Object.entries(LabelSet.is(attributes) ? attributes.toAttributes() : attributes).filter(([, value]) => value !== '');
  // oxlint-disable-next-line no-array-sort -- toSorted() needs Node 20
  return JSON.stringify(labels.sort(([one], [other]) => (one < other ? -1 : 1)));
}

type Combine = (known: DataPoint<unknown>, other: DataPoint<unknown>) => DataPoint<unknown>;

function combinerOf({ dataPointType }: MetricData): Combine {
  if (dataPointType === DataPointType.GAUGE) return (_, other) => other;
  if (dataPointType === DataPointType.HISTOGRAM)
    return (known, other) => ({ ...known, value: addHistograms(known.value as Histogram, other.value as Histogram) });
  return (known, other) => ({ ...known, value: (known.value as number) + (other.value as number) });
}
