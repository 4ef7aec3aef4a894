// Documented metrics with plain attributes, for exporters that walk them. The text of a scrape needs none and is spared the copies.

import type { CollectionResult, DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../instruments/label-sets';
import { labelsOf } from './foreign';
import { pointsOf, withPoints } from './points';
import type { Mapping } from './reader';
import { Slices } from './slices';

/** The same mapping, for readers other than that of the scrape. */
export function plain(map: Mapping): Mapping {
  return async (result, reader) => {
    const mapped = await map(result, reader);
    const slices = new Slices();
    const scopeMetrics = [];
    for (const { scope, metrics } of mapped.resourceMetrics.scopeMetrics) scopeMetrics.push({ scope, metrics: await allPlain(metrics, slices) });
    return { ...mapped, resourceMetrics: { ...mapped.resourceMetrics, scopeMetrics } } satisfies CollectionResult;
  };
}

async function allPlain(metrics: readonly MetricData[], slices: Slices): Promise<MetricData[]> {
  const all: MetricData[] = [];
  for (const metric of metrics) {
    const dataPoints: DataPoint<unknown>[] = [];
    for (const point of pointsOf(metric)) {
      dataPoints.push({ ...point, attributes: LabelSet.is(point.attributes) ? point.attributes.toAttributes() : labelsOf(point.attributes) });
      if (slices.due) await slices.rest();
    }
    all.push(withPoints(metric, dataPoints));
  }
  return all;
}
