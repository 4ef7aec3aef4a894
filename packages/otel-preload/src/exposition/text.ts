// Documented metrics → Prometheus text 0.0.4 or OpenMetrics 1.0.0, in chunks.

import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type CollectionResult, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../labels/label-sets';
import { foreignText, kindOf } from './foreign';
import { formatFor } from './negotiation';
import { pointsOf } from './points';
import type { Scrape } from './scrape';
import { Slices } from './slices';

/** Series in a chunk: enough to make a chunk worth a write, few enough to serialize a chunk in well under a ms. */
const CHUNK = 64;

/** @param collect a collection of documented metrics */
export function scrapeOf(collect: () => Promise<CollectionResult>): Scrape {
  return async (accept) => {
    const { resourceMetrics } = await collect();
    const { contentType, openMetrics } = formatFor(accept);
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return { contentType, chunks: chunksOf(metrics, openMetrics) };
  };
}

/** The text of mapped metrics. A chunk may end within a family, never within a series. */
export async function* chunksOf(metrics: readonly MetricData[], openMetrics: boolean): AsyncGenerator<string> {
  const slices = new Slices();
  const taken = openMetrics ? sampleNames(metrics) : undefined;
  let chunk = '';
  let series = 0;
  for (const metric of metrics) {
    chunk += headOf(metric, taken);
    const write = writerOf(metric);
    for (const point of pointsOf(metric)) {
      chunk += write(point);
      series += 1;
      if (series % CHUNK !== 0) continue;
      yield chunk;
      chunk = '';
      await slices.rest();
    }
  }
  yield openMetrics ? `${chunk}# EOF\n` : chunk;
}

/** @param taken the names of all samples, for OpenMetrics; undefined for Prometheus's own format */
function headOf(metric: MetricData, taken: ReadonlySet<string> | undefined): string {
  const { name, description } = metric.descriptor;
  const help = description.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');
  if (taken === undefined) return `# HELP ${name} ${help}\n# TYPE ${name} ${kindOf(metric) as string}\n`;
  const [family, kind] = familyOf(metric, taken);
  return `# HELP ${family} ${help.replace(/"/g, '\\"')}\n# TYPE ${family} ${kind}\n`;
}

/** OpenMetrics names a counter without `_total`. If the short name clashes with a sample's, the counter keeps the full name, as a metric of unknown kind. */
function familyOf(metric: MetricData, taken: ReadonlySet<string>): readonly [name: string, kind: string] {
  const { name } = metric.descriptor;
  const kind = kindOf(metric) as string;
  if (kind !== 'counter') return [name, kind];
  const family = name.slice(0, -'_total'.length);
  const clashes = family.endsWith('_created') || [family, `${family}_created`].some((sample) => taken.has(sample));
  return clashes ? [name, 'unknown'] : [family, kind];
}

function sampleNames(metrics: readonly MetricData[]): ReadonlySet<string> {
  const suffixes = ['', '_bucket', '_sum', '_count'];
  return new Set(metrics.flatMap((metric) => (kindOf(metric) === 'histogram' ? suffixes : ['']).map((suffix) => metric.descriptor.name + suffix)));
}

type Write = (point: DataPoint<unknown>) => string;

function writerOf(metric: MetricData): Write {
  const { name } = metric.descriptor;
  if (metric.dataPointType === DataPointType.HISTOGRAM) return histogramWriterOf(name) as Write;
  return ({ attributes, value }) => `${name}${braced(labelText(attributes))} ${numberText(value as number)}\n`;
}

function histogramWriterOf(name: string): (point: DataPoint<Histogram>) => string {
  let known: readonly number[] = [];
  let bounds: readonly string[] = [];
  return ({ attributes, value }) => {
    const { boundaries, counts } = value.buckets;
    if (boundaries !== known) {
      known = boundaries;
      bounds = boundaries.map((boundary) => `${boundary}"} `);
    }
    const labels = labelText(attributes);
    // Join, do not add: V8 then copies a single flat piece into each line, not a chain of pieces.
    const prefix = [name, '_bucket{', labels, labels === '' ? 'le="' : ',le="'].join('');
    let lines = '';
    let below = 0;
    for (let index = 0; index < bounds.length; index += 1) {
      below += counts[index] as number;
      lines += `${prefix}${bounds[index]}${below}\n`;
    }
    const braces = braced(labels);
    return `${lines}${prefix}+Inf"} ${value.count}\n${name}_sum${braces} ${numberText(value.sum ?? 0)}\n${name}_count${braces} ${value.count}\n`;
  };
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function labelText(attributes: Attributes): string {
  return LabelSet.is(attributes) ? attributes.toText() : foreignText(attributes);
}

/** A number as Go's ParseFloat reads numbers. */
export function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
