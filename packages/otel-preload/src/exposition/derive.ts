// One stream of seconds → the documented metrics that are made of it. Points are copied, never changed.

import type { HrTime } from '@opentelemetry/api';
import { DataPointType, type DataPoint, type Histogram, type HistogramMetricData, type MetricData } from '@opentelemetry/sdk-metrics';
import type { LabelSet, LabelSets } from '../instruments/label-sets';
import { Slices } from './slices';

export interface Derived {
  readonly name: string;
  readonly help: string;
  readonly take: 'durations' | 'count' | 'slow';
  readonly labelSets: LabelSets;
  /** Where each of its labels stands among those of the stream. */
  readonly positions: readonly number[];
  /** The buckets in ms; the stream's are these / 1000. */
  readonly boundaries: readonly number[];
  /** Records in buckets above this boundary are slow. */
  readonly slowMs: number;
}

interface Merged {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
}

/** The documented metric of a stream that came in one or more parts, one for each meter that records it. */
export async function derive(parts: readonly HistogramMetricData[], derived: Derived, slices: Slices): Promise<MetricData> {
  const merged = new Map<LabelSet, Merged>();
  for (const { dataPoints } of parts) {
    for (const point of dataPoints) {
      const series = project(point.attributes as unknown as LabelSet, derived);
      merged.set(series, merge(merged.get(series), point));
      if (slices.due) await slices.rest();
    }
  }
  return metricData(parts[0] as HistogramMetricData, derived, merged);
}

/** The label set without the labels that the metric does not have. */
function project(series: LabelSet, { labelSets, positions }: Derived): LabelSet {
  const [a = 0, b = 0, c = 0] = positions;
  return labelSets.of(series.values[a], series.values[b], series.values[c]);
}

function merge(into: Merged | undefined, { startTime, endTime, value }: DataPoint<Histogram>): Merged {
  const { counts } = value.buckets;
  const sum = value.sum ?? 0;
  if (into === undefined) return { startTime, endTime, counts, sum, count: value.count };
  return {
    startTime: into.startTime,
    endTime,
    counts: into.counts.map((count, index) => count + (counts[index] as number)),
    sum: into.sum + sum,
    count: into.count + value.count,
  };
}

function metricData(part: HistogramMetricData, derived: Derived, merged: ReadonlyMap<LabelSet, Merged>): MetricData {
  const { aggregationTemporality } = part;
  const descriptor = { ...part.descriptor, name: derived.name, description: derived.help, unit: '' };
  if (derived.take === 'durations') {
    const dataPoints = pointsOf(merged, (from) => inMilliseconds(from, derived.boundaries));
    return { descriptor, aggregationTemporality, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const above = derived.boundaries.indexOf(derived.slowMs) + 1;
  const value = derived.take === 'count' ? (from: Merged) => from.count : (from: Merged) => countFrom(from.counts, above);
  return { descriptor, aggregationTemporality, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: pointsOf(merged, value) };
}

function pointsOf<T>(merged: ReadonlyMap<LabelSet, Merged>, value: (from: Merged) => T): DataPoint<T>[] {
  return Array.from(merged, ([series, from]) => ({
    attributes: series.key,
    startTime: from.startTime,
    endTime: from.endTime,
    value: value(from),
  }));
}

function inMilliseconds({ counts, sum, count }: Merged, boundaries: readonly number[]): Histogram {
  return { buckets: { boundaries: boundaries as number[], counts: counts as number[] }, sum: sum * 1000, count };
}

function countFrom(counts: readonly number[], first: number): number {
  let sum = 0;
  for (let index = first; index < counts.length; index += 1) sum += counts[index] as number;
  return sum;
}
