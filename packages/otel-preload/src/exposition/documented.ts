// What the SDK collected → the documented families, in the catalogue's order, and then the app's own by name.

import { ValueType } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, DataPointType, type HistogramMetricData, type MetricData } from '@opentelemetry/sdk-metrics';
import { catalogue, type MetricName } from '../catalogue';
import { LabelSet, type LabelSets } from '../instruments/label-sets';
import { reason, sayOnce } from '../log';
import { derive, type Derived } from './derive';
import { exposedName, kindOf } from './foreign';
import { mergeParts } from './merge';
import { firstPointOf, sizeOf, withPoints } from './points';
import type { Mapping } from './reader';
import { Slices } from './slices';

export interface DocumentedOptions {
  /** Metrics that the SDK does not keep. */
  readonly kept: () => readonly MetricData[];
  /** The metrics made of a stream, by the name that its view gives it. */
  readonly derived: ReadonlyMap<string, readonly Derived[]>;
  /** Metrics that are read at each collection. */
  readonly observed: ReadonlySet<string>;
  /** False for a series that the last collection did not read. */
  readonly isCurrent: (name: MetricName, series: LabelSet) => boolean;
  /** Told when a family could not be mapped and is left out. */
  readonly onFault: () => void;
  /** The label sets of otel_preload_series; undefined if it is disabled. */
  readonly seriesLabels: LabelSets | undefined;
}

/** The parts of one family. */
interface Parts {
  readonly ours: MetricData[];
  readonly foreign: MetricData[];
}

const ORDER: ReadonlyMap<string, number> = new Map(Object.keys(catalogue).map((name, index) => [name, index]));

/** The mapping of what a provider with the views of `viewsOf` collects; cumulative and delta data alike. */
export function documented(options: DocumentedOptions): Mapping {
  const reserved = new Set([...options.observed, ...[...options.derived.values()].flat().map(({ name }) => name)]);
  const kinds = new Map<string, string>();
  return async ({ resourceMetrics, errors }) => {
    const slices = new Slices();
    const families: MetricData[] = [];
    const collected = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
    for (const [name, parts] of byName(collected, options.kept())) {
      try {
        const kept = reserved.has(name) ? oursAlone(name, parts) : ofOneKind(name, parts, kinds);
        if (kept.ours.length + kept.foreign.length > 0) families.push(...(await familiesOf(name, kept, options, slices)));
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

function byName(collected: readonly MetricData[], kept: readonly MetricData[]): Map<string, Parts> {
  const named = new Map<string, Parts>();
  const partsOf = (name: string): Parts => {
    const parts = named.get(name) ?? { ours: [], foreign: [] };
    named.set(name, parts);
    return parts;
  };
  for (const metric of kept) partsOf(metric.descriptor.name).ours.push(metric);
  for (const metric of collected) {
    if (LabelSet.is(metric.dataPoints[0]?.attributes ?? {})) partsOf(metric.descriptor.name).ours.push(metric);
    else partsOf(exposedName(metric)).foreign.push(metric);
  }
  return named;
}

/** A documented metric that the preload measures is not mixed with what the app records under its name. */
function oursAlone(name: string, { ours, foreign }: Parts): Parts {
  if (foreign.length > 0) {
    sayOnce(
      `name ${name}`,
      `the app has a metric "${name}" of its own, which the preload measures too: the app's is left out; rename it, or see METRICS_DISABLE`,
    );
  }
  return { ours, foreign: [] };
}

/** Without what is of another kind than ours, or than what was first seen under the name, so that it is the same at every scrape. */
function ofOneKind(name: string, { ours, foreign }: Parts, kinds: Map<string, string>): Parts {
  const [first] = [...ours, ...foreign.filter((metric) => kindOf(metric) !== undefined)];
  if (first !== undefined && (ours.length > 0 || !kinds.has(name))) kinds.set(name, kindOf(first) as string);
  const kept = foreign.filter((metric) => {
    const kind = kindOf(metric);
    if (kind !== undefined && kind === kinds.get(name)) return true;
    const why = kind === undefined ? 'an exponential histogram has no classic buckets' : `another meter has a ${kinds.get(name)} of that name`;
    sayOnce(`kind ${name} ${kind}`, `a metric "${name}" of the app is left out: ${why}`);
    return false;
  });
  return { ours, foreign: kept };
}

async function familiesOf(name: string, { ours, foreign }: Parts, options: DocumentedOptions, slices: Slices): Promise<MetricData[]> {
  const derived = options.derived.get(name);
  if (derived !== undefined) return Promise.all(derived.map((one) => derive(ours as HistogramMetricData[], one, slices)));
  if (options.observed.has(name))
    return ours.map((metric) => current(metric, name as MetricName, options)).filter(({ dataPoints }) => dataPoints.length > 0);
  return foreign.length === 0 ? ours : [await mergeParts(name, [...ours, ...foreign], slices)];
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
