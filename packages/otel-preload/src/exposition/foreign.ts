// What the app names with @opentelemetry/api becomes such as Prometheus takes.

import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { labelPair } from '../labels/label-text';

/** What a metric is to Prometheus; undefined for what it has no classic form of. */
export function kindOf(metric: MetricData): 'counter' | 'gauge' | 'histogram' | undefined {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram';
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return undefined;
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'gauge';
}

/** `app.orders` → `app_orders_total`; https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
export function exposedName(given: string, isCounter: boolean): string {
  const name = sanitized(given);
  return isCounter && !name.endsWith('_total') ? `${name}_total` : name;
}

function sanitized(name: string): string {
  const safe = name.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/__+/g, '_');
  return /^\d/.test(safe) ? `_${safe}` : safe;
}

/** `le` belongs to the buckets, and names that begin with `__` to Prometheus. */
export function labelName(key: string): string {
  const name = sanitized(key);
  if (name === 'le' || name === 'quantile') return `exported_${name}`;
  return name.replace(/^__+/, '_') || '_';
}

const texts = new WeakMap<object, string>();

/** The text of labels that are plain attributes, kept as long as these: series of the app have the same object at each collection. */
export function foreignText(labels: Attributes): string {
  let text = texts.get(labels);
  if (text === undefined) {
    text = Object.entries(labels)
      .map(([name, value]) => labelPair(name, value as string))
      .join(',');
    texts.set(labels, text);
  }
  return text;
}
