// A process's metrics as plain data, to be sent to another process and kept in a file.

import { AggregationTemporality, DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api';
import { kindOf } from '../exposition/foreign';
import { type HistogramNumbers, numbersOf } from '../exposition/histograms';
import { pointsOf } from '../exposition/points';
import { LabelSet } from '../labels/label-sets';

export type Labels = Readonly<Record<string, string>>;
export type Value = number | HistogramNumbers;

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Histograms only. */
  readonly boundaries?: readonly number[];
  readonly series: readonly (readonly [labels: Labels, value: Value])[];
}

/** @param metrics all of a kind known to Prometheus */
export function familiesOf(metrics: readonly MetricData[]): Family[] {
  return metrics.map((metric) => {
    const { name, description } = metric.descriptor;
    const points = [...pointsOf(metric)] as DataPoint<number | Histogram>[];
    const boundaries = (points[0]?.value as Histogram | undefined)?.buckets?.boundaries;
    const series = points
      .filter(({ value }) => isWhole(value))
      .map(({ attributes, value }) => [(LabelSet.is(attributes) ? attributes.toAttributes() : attributes) as Labels, plainValue(value)] as const);
    return { name, help: description, kind: kindOf(metric) as Family['kind'], ...(boundaries && { boundaries }), series };
  });
}

/** JSON turns a number not finite into null, and null spoils the sum over processes. */
function isWhole(value: number | Histogram): boolean {
  return Number.isFinite(typeof value === 'number' ? value : (value.sum ?? 0));
}

function plainValue(value: number | Histogram): Value {
  return typeof value === 'number' ? value : numbersOf(value);
}

/** Families in the SDK's collected form, for the writer of the exposition. */
export function metricsOf(families: readonly Family[]): MetricData[] {
  const time: HrTime = [Math.floor(Date.now() / 1000), 0];
  return families.map(({ name, help, kind, boundaries = [], series }) => {
    const dataPoints = series.map(([labels, value]) => ({
      attributes: labels as Attributes,
      startTime: time,
      endTime: time,
      value: sdkValue(value, boundaries),
    }));
    const descriptor = { name, description: help, unit: '', valueType: ValueType.DOUBLE };
    const rest = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE, dataPoints };
    if (kind === 'histogram') return { ...rest, dataPointType: DataPointType.HISTOGRAM } as MetricData;
    if (kind === 'gauge') return { ...rest, dataPointType: DataPointType.GAUGE } as MetricData;
    return { ...rest, dataPointType: DataPointType.SUM, isMonotonic: true } as MetricData;
  });
}

function sdkValue(value: Value, boundaries: readonly number[]): number | Histogram {
  if (typeof value === 'number') return value;
  const { counts, sum, count } = value;
  return { buckets: { boundaries: [...boundaries], counts: [...counts] }, sum, count };
}
