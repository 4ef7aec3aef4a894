// A stream in seconds → the documented metrics made of the stream. Points are copied on reading, and never changed.

import type { DataPoint, Histogram, HistogramMetricData, MetricData } from '@opentelemetry/sdk-metrics';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import type { LabelSet, LabelSets } from '../labels/label-sets';
import { addHistograms } from './histograms';
import { lazily, type PointSource } from './points';
import { Slices } from './slices';

export interface Derived {
  readonly name: string;
  readonly help: string;
  readonly take: 'durations' | 'count' | 'slow';
  readonly labelSets: LabelSets;
  /** Where each of its labels stands among those of the stream; undefined if they are the same. */
  readonly positions: readonly number[] | undefined;
  /** The buckets in ms; the stream's are these / 1000. */
  readonly boundaries: readonly number[];
  /** Records in buckets above this boundary are slow. */
  readonly slowMs: number;
  /** Its label set for each of the stream's, by id: found once. */
  readonly projected: LabelSet[];
}

type Point = DataPoint<Histogram>;

/** A documented metric made of a stream. The stream comes in a part for each recording meter. */
export async function derive(parts: readonly HistogramMetricData[], derived: Derived, slices: Slices): Promise<MetricData> {
  const points = await summed(parts, derived, slices);
  const value = valueOf(derived);
  const source: PointSource = {
    size: points.length,
    *[Symbol.iterator]() {
      for (const { attributes, startTime, endTime, value: of } of points) yield { attributes, startTime, endTime, value: value(of) };
    },
  };
  return lazily(emptyData(parts[0] as HistogramMetricData, derived), source);
}

/** The points of the stream under the labels of the metric, added up where the metric has fewer labels. */
async function summed(parts: readonly HistogramMetricData[], derived: Derived, slices: Slices): Promise<readonly Point[]> {
  if (parts.length === 1 && derived.positions === undefined) return (parts[0] as HistogramMetricData).dataPoints;
  const points: Point[] = [];
  const places: number[] = [];
  for (const { dataPoints } of parts) {
    for (const point of dataPoints) {
      const series = project(point.attributes as unknown as LabelSet, derived);
      const place = places[series.row];
      if (place !== undefined) points[place] = withAdded(points[place] as Point, point);
      else places[series.row] = points.push({ ...point, attributes: series.key }) - 1;
      if (slices.due) await slices.rest();
    }
  }
  return points;
}

/** The label set reduced to the labels of the metric. */
function project(series: LabelSet, { labelSets, positions, projected }: Derived): LabelSet {
  if (positions === undefined) return series;
  const known = projected[series.row];
  if (known !== undefined) return known;
  return (projected[series.row] = labelSets.ofAll(positions.map((position) => series.value(position))));
}

function withAdded(known: Point, { value }: Point): Point {
  return { ...known, value: addHistograms(known.value, value) };
}

function emptyData({ descriptor, aggregationTemporality }: HistogramMetricData, { name, help, take }: Derived): MetricData {
  const shape = { descriptor: { ...descriptor, name, description: help, unit: '' }, aggregationTemporality, dataPoints: [] };
  if (take === 'durations') return { ...shape, dataPointType: DataPointType.HISTOGRAM };
  return { ...shape, dataPointType: DataPointType.SUM, isMonotonic: true };
}

function valueOf({ take, boundaries, slowMs }: Derived): (of: Histogram) => number | Histogram {
  if (take === 'count') return ({ count }) => count;
  if (take === 'durations') {
    return ({ buckets, sum, count }) => ({ buckets: { boundaries: boundaries as number[], counts: buckets.counts }, sum: (sum ?? 0) * 1000, count });
  }
  const above = boundaries.indexOf(slowMs) + 1;
  return ({ buckets }) => countFrom(buckets.counts, above);
}

function countFrom(counts: readonly number[], first: number): number {
  let sum = 0;
  for (let index = first; index < counts.length; index += 1) sum += counts[index] as number;
  return sum;
}
