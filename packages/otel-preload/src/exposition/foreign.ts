// Turns the app's names from @opentelemetry/api into valid Prometheus names.

import type { Attributes } from '@opentelemetry/api';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { labelPair } from '../labels/label-text';

/** A metric's kind in Prometheus; undefined for a metric without a classic form there. */
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

/** `le` is reserved for buckets, `quantile` for summaries, and a leading `__` for Prometheus. */
export function labelName(key: string): string {
  const name = sanitized(key);
  if (name === 'le' || name === 'quantile') return `exported_${name}`;
  return name.replace(/^__+/, '_') || '_';
}

const texts = new WeakMap<object, string>();

/** The text of plain attributes as labels. Cached as long as the attributes live: an app's series has the same object at each collection. */
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
