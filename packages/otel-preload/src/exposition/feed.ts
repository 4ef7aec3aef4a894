// What a reader that pushes is fed: the documented metrics of the same collections that scrapes are answered from, with plain
// attributes for exporters to walk, as totals or as deltas.
//
// Not a second reader of the SDK: one that nobody asks, as when nobody scrapes, keeps all that others have collected since; with
// 500 series that was 380 KB a collection, for ever.

import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type IMetricReader,
  InstrumentType,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../instruments/label-sets';
import { Deltas } from './deltas';
import { labelsOf } from './foreign';
import { pointsOf, withPoints } from './points';
import { Slices } from './slices';

/** Feeds a reader that belongs to no provider; it asks at its own pace, and its exporter chooses totals or deltas. */
export function feed(reader: IMetricReader, collect: () => Promise<CollectionResult>): void {
  const deltas = new Map<string, Deltas>();
  const toPlain = async (metric: MetricData, slices: Slices): Promise<MetricData> => {
    const plain = withPoints(metric, await plainPoints(metric, slices));
    if (!wantsDeltas(reader, metric)) return plain;
    const { name } = metric.descriptor;
    const seen = deltas.get(name) ?? new Deltas();
    deltas.set(name, seen);
    return seen.of(plain);
  };
  reader.setMetricProducer({
    collect: async () => {
      const { resourceMetrics, errors } = await collect();
      const slices = new Slices();
      const scopeMetrics = [];
      for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
        const plain: MetricData[] = [];
        for (const metric of metrics) plain.push(await toPlain(metric, slices));
        scopeMetrics.push({ scope, metrics: plain.filter(({ dataPoints }) => dataPoints.length > 0) });
      }
      return { resourceMetrics: { ...resourceMetrics, scopeMetrics }, errors };
    },
  });
}

async function plainPoints(metric: MetricData, slices: Slices): Promise<DataPoint<unknown>[]> {
  const points: DataPoint<unknown>[] = [];
  for (const { attributes, startTime, endTime, value } of pointsOf(metric)) {
    points.push({ attributes: LabelSet.is(attributes) ? attributes.toAttributes() : labelsOf(attributes), startTime, endTime, value });
    if (slices.due) await slices.rest();
  }
  return points;
}

function wantsDeltas(reader: IMetricReader, metric: MetricData): boolean {
  return metric.dataPointType !== DataPointType.GAUGE && reader.selectAggregationTemporality(instrumentType(metric)) === AggregationTemporality.DELTA;
}

function instrumentType(metric: MetricData): InstrumentType {
  if (metric.dataPointType !== DataPointType.SUM) return InstrumentType.HISTOGRAM;
  return metric.isMonotonic ? InstrumentType.COUNTER : InstrumentType.UP_DOWN_COUNTER;
}
