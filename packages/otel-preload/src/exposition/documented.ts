// The SDK's collection → the documented families, in the catalogue's order, and then the app's own families by name.

import { ValueType } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, DataPointType, type HistogramMetricData, type MetricData } from '@opentelemetry/sdk-metrics';
import { catalogue, type MetricName } from '../catalogue';
import type { LabelSet, LabelSets } from '../labels/label-sets';
import { reason, sayOnce } from '../log';
import { derive, type Derived } from './derive';
import { mergeParts } from './merge';
import { firstPointOf, sizeOf, withPoints } from './points';
import type { Mapping } from './reader';
import { Slices } from './slices';

export interface DocumentedOptions {
  /** The app's own metrics, kept outside the SDK; no name among them is a name that the preload alone writes. */
  readonly kept: () => readonly MetricData[];
  /** The metrics made of a stream, by the stream's name in its view. */
  readonly derived: ReadonlyMap<string, readonly Derived[]>;
  /** Metrics read at each collection. */
  readonly observed: ReadonlySet<string>;
  /** False for a series unread by the last collection. */
  readonly isCurrent: (name: MetricName, series: LabelSet) => boolean;
  /** Told when a family could not be mapped and is left out. */
  readonly onFault: () => void;
  /** The label sets of otel_preload_series; undefined if the metric is disabled. */
  readonly seriesLabels: LabelSets | undefined;
}

const ORDER: ReadonlyMap<string, number> = new Map(Object.keys(catalogue).map((name, index) => [name, index]));

/** The mapping for the collections of a provider with the views of `viewsOf`; cumulative and delta data alike. */
export function documented(options: DocumentedOptions): Mapping {
  return async ({ resourceMetrics, errors }) => {
    const slices = new Slices();
    const families: MetricData[] = [];
    const collected = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    for (const [name, parts] of byName([...options.kept(), ...collected])) {
      try {
        families.push(...(await familiesOf(name, parts, options, slices)));
      } catch (thrown) {
        options.onFault();
        sayOnce(`mapping ${name}`, `${name} could not be shown and is left out: ${reason(thrown)}`);
      }
    }
    families.sort(catalogueOrder);
    if (options.seriesLabels !== undefined) families.push(seriesOf(families, options.seriesLabels));
    const scope = resourceMetrics.scopeMetrics[0]?.scope ?? { name: '' };
    return { resourceMetrics: { ...resourceMetrics, scopeMetrics: [{ scope, metrics: families }] }, errors };
  };
}

/** The parts of each family. */
function byName(metrics: readonly MetricData[]): Map<string, MetricData[]> {
  const named = new Map<string, MetricData[]>();
  for (const metric of metrics) {
    const known = named.get(metric.descriptor.name);
    if (known === undefined) named.set(metric.descriptor.name, [metric]);
    else known.push(metric);
  }
  return named;
}

async function familiesOf(name: string, parts: MetricData[], options: DocumentedOptions, slices: Slices): Promise<MetricData[]> {
  const derived = options.derived.get(name);
  if (derived !== undefined) return Promise.all(derived.map((one) => derive(parts as HistogramMetricData[], one, slices)));
  if (options.observed.has(name))
    return parts.map((metric) => current(metric, name as MetricName, options)).filter(({ dataPoints }) => dataPoints.length > 0);
  return parts.length === 1 ? parts : [await mergeParts(parts, slices)];
}

function current(metric: MetricData, name: MetricName, { isCurrent }: DocumentedOptions): MetricData {
  const points: readonly DataPoint<unknown>[] = metric.dataPoints;
  return withPoints(
    metric,
    points.filter(({ attributes }) => isCurrent(name, attributes as unknown as LabelSet)),
  );
}

function catalogueOrder(one: MetricData, other: MetricData): number {
  const [a, b] = [one.descriptor.name, other.descriptor.name];
  const last = ORDER.size;
  return (ORDER.get(a) ?? last) - (ORDER.get(b) ?? last) || (a < b ? -1 : 1);
}

function seriesOf(families: readonly MetricData[], labelSets: LabelSets): MetricData {
  const name = 'otel_preload_series';
  const time = firstPointOf(families[0])?.endTime ?? [0, 0];
  const counts: [string, number][] = families.map((family) => [family.descriptor.name, sizeOf(family)]);
  return {
    descriptor: { name, description: catalogue[name].help, unit: '', valueType: ValueType.INT },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: [...counts, [name, counts.length + 1] as const].map(([metric, value]) => ({
      attributes: labelSets.of(metric).key,
      startTime: time,
      endTime: time,
      value,
    })),
  };
}
