// A metric's points: stored, or made while they are read.

import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';

/** Points made while they are read: to hold ten thousand points at once would cost more than to write them. */
export interface PointSource {
  readonly size: number;
  [Symbol.iterator](): Iterator<DataPoint<unknown>>;
}

interface Lazy {
  readonly source?: PointSource;
}

/** Metric data without points of its own. */
export function lazily(metric: MetricData, source: PointSource): MetricData {
  const lazy: MetricData & Lazy = { ...metric, source };
  return lazy;
}

export function pointsOf(metric: MetricData): Iterable<DataPoint<unknown>> {
  return (metric as Lazy).source ?? metric.dataPoints;
}

export function sizeOf(metric: MetricData): number {
  return (metric as Lazy).source?.size ?? metric.dataPoints.length;
}

export function firstPointOf(metric: MetricData | undefined): DataPoint<unknown> | undefined {
  for (const point of metric === undefined ? [] : pointsOf(metric)) return point;
  return undefined;
}

/** Metric data with these points instead of its own. */
export function withPoints(metric: MetricData, dataPoints: readonly DataPoint<unknown>[]): MetricData {
  const { source: _, ...rest } = metric as MetricData & Lazy;
  return { ...rest, dataPoints } as MetricData;
}
