// Totals → the increase since the last delivery, for a metric.

import type { HrTime } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { foreignText } from './foreign';

type Value = number | Histogram;

interface LastDelivered {
  readonly value: Value;
  readonly until: HrTime;
}

/** Totals of the deltas sent and not yet delivered, by series. */
export type PendingTotals = Map<string, LastDelivered>;

export class Deltas {
  readonly #lastDelivered = new Map<string, LastDelivered>();

  /**
   * The increase of a series since the last delivery; undefined if there is none. A new series is reported at once, even with 0.
   *
   * @param pending takes the total, for `delivered`
   */
  of(total: DataPoint<unknown>, pending: PendingTotals): DataPoint<Value> | undefined {
    const key = foreignText(total.attributes);
    const before = this.#lastDelivered.get(key);
    const now = total.value as Value;
    const value = before === undefined || isReset(now, before.value) ? now : difference(now, before.value);
    if (before !== undefined && !hasMoved(value)) return undefined;
    pending.set(key, { value: now, until: total.endTime });
    return { ...total, startTime: before?.until ?? total.startTime, value };
  }

  delivered(pending: PendingTotals): void {
    for (const [key, total] of pending) this.#lastDelivered.set(key, total);
  }
}

/** The metric marked as a metric of deltas; the points are deltas already. */
export function asDeltas(metric: MetricData): MetricData {
  return { ...metric, aggregationTemporality: AggregationTemporality.DELTA };
}

function difference(now: Value, before: Value): Value {
  if (typeof now === 'number' || typeof before === 'number') return Number(now) - Number(before);
  const counts = now.buckets.counts.map((count, index) => count - (before.buckets.counts[index] as number));
  return { buckets: { boundaries: now.buckets.boundaries, counts }, sum: (now.sum ?? 0) - (before.sum ?? 0), count: now.count - before.count };
}

/** A total observed by the app fell, as the counter of a restarted process or server does: the whole total is new. */
function isReset(now: Value, before: Value): boolean {
  return typeof now === 'number' && typeof before === 'number' && now < before;
}

function hasMoved(value: Value): boolean {
  return typeof value === 'number' ? value !== 0 : value.count !== 0;
}
