// Documented metrics → Prometheus text 0.0.4 or OpenMetrics 1.0.0, in chunks.

import { DataPointType, type CollectionResult, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../instruments/label-sets';
import { labelPair } from './label-text';
import type { Scrape } from './scrape';
import { Slices } from './slices';

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
/** Series to a chunk: enough that a chunk is worth a write, few enough that writing one takes well under a ms. */
const CHUNK = 64;

/** @param collect a collection of documented metrics */
export function scrapeOf(collect: () => Promise<CollectionResult>): Scrape {
  let running: Promise<CollectionResult> | undefined;
  return async (accept) => {
    running ??= collect().finally(() => (running = undefined));
    const { resourceMetrics } = await running;
    const contentType = accept?.includes('application/openmetrics-text') === true ? OPENMETRICS : PROMETHEUS;
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return { contentType, chunks: chunksOf(metrics, contentType === OPENMETRICS) };
  };
}

async function* chunksOf(metrics: readonly MetricData[], openMetrics: boolean): AsyncGenerator<string> {
  const slices = new Slices();
  let chunk = '';
  let series = 0;
  for (const metric of metrics) {
    chunk += head(metric, openMetrics);
    const write = writerOf(metric);
    for (const point of metric.dataPoints) {
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

function head({ descriptor, dataPointType, ...metric }: MetricData, openMetrics: boolean): string {
  const type = dataPointType === DataPointType.HISTOGRAM ? 'histogram' : 'isMonotonic' in metric && metric.isMonotonic ? 'counter' : 'gauge';
  const name = openMetrics && type === 'counter' ? descriptor.name.replace(/_total$/, '') : descriptor.name;
  return `# HELP ${name} ${descriptor.description.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n`;
}

type Write = (point: DataPoint<unknown>) => string;

function writerOf(metric: MetricData): Write {
  const { name } = metric.descriptor;
  if (metric.dataPointType === DataPointType.HISTOGRAM) return histogramWriter(name, metric.dataPoints[0]?.value.buckets.boundaries ?? []) as Write;
  return ({ attributes, value }) => {
    const labels = labelText(attributes);
    return `${name}${labels === '' ? '' : `{${labels}}`} ${numberText(value as number)}\n`;
  };
}

function histogramWriter(name: string, boundaries: readonly number[]): (point: DataPoint<Histogram>) => string {
  const uppers = [...boundaries.map(String), '+Inf'].map((le) => `le="${le}"} `);
  return ({ attributes, value }) => {
    const labels = labelText(attributes);
    const prefix = `${name}_bucket{${labels}${labels === '' ? '' : ','}`;
    let lines = '';
    let below = 0;
    for (let index = 0; index < uppers.length; index += 1) {
      below += value.buckets.counts[index] as number;
      lines += `${prefix}${uppers[index]}${below}\n`;
    }
    const braces = labels === '' ? '' : `{${labels}}`;
    return `${lines}${name}_sum${braces} ${numberText(value.sum ?? 0)}\n${name}_count${braces} ${value.count}\n`;
  };
}

function labelText(attributes: object): string {
  if (LabelSet.is(attributes)) return attributes.toText();
  return Object.entries(attributes).map(([name, value]) => labelPair(name, String(value))).join(',');
}

/** A number as Go's ParseFloat reads it. */
export function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
