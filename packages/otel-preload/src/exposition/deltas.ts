// Totals → what came since the last time, for one metric and one reader.

import type { HrTime } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { foreignText } from './foreign';
import { withPoints } from './points';

type Value = number | Histogram;

export class Deltas {
  readonly #told = new Map<string, Value>();
  #until: HrTime | undefined;

  /** The series that have moved, by how much. */
  of(totals: MetricData): MetricData {
    const points: DataPoint<Value>[] = [];
    for (const point of totals.dataPoints as DataPoint<Value>[]) {
      const key = foreignText(point.attributes);
      const before = this.#told.get(key);
      this.#told.set(key, point.value);
      const value = before === undefined ? point.value : difference(point.value, before);
      if (hasMoved(value)) points.push({ ...point, startTime: this.#until ?? point.startTime, value });
    }
    this.#until = totals.dataPoints[0]?.endTime ?? this.#until;
    return { ...withPoints(totals, points), aggregationTemporality: AggregationTemporality.DELTA };
  }
}

function difference(now: Value, before: Value): Value {
  if (typeof now === 'number' || typeof before === 'number') return Number(now) - Number(before);
  const counts = now.buckets.counts.map((count, index) => count - (before.buckets.counts[index] as number));
  return { buckets: { boundaries: now.buckets.boundaries, counts }, sum: (now.sum ?? 0) - (before.sum ?? 0), count: now.count - before.count };
}

function hasMoved(value: Value): boolean {
  return typeof value === 'number' ? value !== 0 : value.count !== 0;
}
