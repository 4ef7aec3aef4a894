// What the SDK collected → the documented families, in the catalogue's order, and then the app's own.

import type { HistogramMetricData, MetricData } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics';
import { ValueType } from '@opentelemetry/api';
import { catalogue, type Metric, type MetricName } from '../catalogue';
import { LabelSet, type LabelSets } from '../instruments/label-sets';
import { derive, type Derived } from './derive';
import type { Mapping } from './reader';
import { Slices } from './slices';

export interface DocumentedOptions {
  /** The metrics made of a stream, by the name that its view gives it. */
  readonly derived: ReadonlyMap<string, readonly Derived[]>;
  /** False for a series that an observation no longer reads. */
  readonly isCurrent: (name: MetricName, series: LabelSet) => boolean;
  /** The label sets of otel_preload_series; undefined if it is disabled. */
  readonly seriesLabels: LabelSets | undefined;
}

const ORDER = new Map(Object.keys(catalogue).map((name, index) => [name, index]));

/** The mapping of a provider whose views are those of `viewsOf`. */
export function documented(options: DocumentedOptions): Mapping {
  return async ({ resourceMetrics, errors }) => {
    const slices = new Slices();
    const collected = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    const families: MetricData[] = [];
    for (const [name, parts] of byName(collected)) families.push(...(await familiesOf(name, parts, options, slices)));
    families.sort(catalogueOrder);
    if (options.seriesLabels !== undefined) families.push(seriesOf(families, options.seriesLabels));
    const [scope] = resourceMetrics.scopeMetrics;
    return { resourceMetrics: { ...resourceMetrics, scopeMetrics: scope === undefined ? [] : [{ scope: scope.scope, metrics: families }] }, errors };
  };
}

function byName(metrics: readonly MetricData[]): Map<string, MetricData[]> {
  const named = new Map<string, MetricData[]>();
  for (const metric of metrics) {
    const parts = named.get(metric.descriptor.name);
    if (parts === undefined) named.set(metric.descriptor.name, [metric]);
    else parts.push(metric);
  }
  return named;
}

async function familiesOf(name: string, parts: readonly MetricData[], options: DocumentedOptions, slices: Slices): Promise<MetricData[]> {
  const derived = options.derived.get(name);
  if (derived !== undefined) return Promise.all(derived.map((one) => derive(parts as HistogramMetricData[], one, slices)));
  if (sourceOf(name) === 'observation') return parts.map((part) => current(part, name as MetricName, options)).filter(({ dataPoints }) => dataPoints.length > 0);
  return [...parts];
}

function sourceOf(name: string): string | undefined {
  return (catalogue as Record<string, Metric>)[name]?.source.from;
}

function current(metric: MetricData, name: MetricName, { isCurrent }: DocumentedOptions): MetricData {
  const dataPoints = (metric.dataPoints as { attributes: unknown }[]).filter(({ attributes }) => isCurrent(name, attributes as LabelSet));
  return { ...metric, dataPoints } as MetricData;
}

function catalogueOrder(one: MetricData, other: MetricData): number {
  const a = one.descriptor.name;
  const b = other.descriptor.name;
  return (ORDER.get(a) ?? Infinity) - (ORDER.get(b) ?? Infinity) || (a < b ? -1 : 1);
}

function seriesOf(families: readonly MetricData[], labelSets: LabelSets): MetricData {
  const name = 'otel_preload_series';
  const time = families[0]?.dataPoints[0]?.endTime ?? [0, 0];
  const counts = [...families.map((family) => [family.descriptor.name, family.dataPoints.length] as const), [name, families.length + 1] as const];
  return {
    descriptor: { name, description: catalogue[name].help, unit: '', valueType: ValueType.INT },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: counts.map(([metric, value]) => ({ attributes: labelSets.of(metric).key, startTime: time, endTime: time, value })),
  };
}
