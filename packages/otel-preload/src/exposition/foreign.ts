// Metrics that are not ours: what the app or another instrumentation records with @opentelemetry/api on our provider.
// Their names and labels become such as Prometheus takes.

import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { DataPointType, type DataPoint, type MetricData } from '@opentelemetry/sdk-metrics';
import { sayOnce } from '../log';
import { labelPair } from './label-text';

const OVERFLOW = 'otel.metric.overflow';

/** What a metric is to Prometheus; undefined for what it has no classic form of. */
export function kindOf(metric: MetricData): 'counter' | 'gauge' | 'histogram' | undefined {
  if (metric.dataPointType === DataPointType.HISTOGRAM) return 'histogram';
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return undefined;
  return metric.dataPointType === DataPointType.SUM && metric.isMonotonic ? 'counter' : 'gauge';
}

/** `app.orders` → `app_orders_total`; https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
export function exposedName(metric: MetricData): string {
  const name = sanitized(metric.descriptor.name);
  return kindOf(metric) === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
}

function sanitized(name: string): string {
  const safe = name.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/__+/g, '_');
  return /^\d/.test(safe) ? `_${safe}` : safe;
}

/** Attributes as labels: names made valid, values made text. Values of names that become the same are joined by `;`. */
export function labelsOf(attributes: Attributes): Record<string, string> {
  const labels: Record<string, string> = {};
  // oxlint-disable-next-line no-array-sort -- toSorted() needs Node 20
  for (const key of Object.keys(attributes).sort()) {
    const name = labelName(key);
    const value = valueText(attributes[key]);
    labels[name] = Object.hasOwn(labels, name) ? `${labels[name]};${value}` : value;
  }
  return labels;
}

/** `le` belongs to the buckets, and names that begin with `__` to Prometheus. */
function labelName(key: string): string {
  const name = sanitized(key);
  if (name === 'le' || name === 'quantile') return `exported_${name}`;
  return name.replace(/^__+/, '_') || '_';
}

function valueText(value: AttributeValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : Array.isArray(value) ? JSON.stringify(value) : String(value);
}

const texts = new WeakMap<object, string>();

/** The text of a foreign label set, kept as long as the SDK keeps the attributes: it hands out the same object at each collection. */
export function foreignText(attributes: Attributes): string {
  let text = texts.get(attributes);
  if (text === undefined) {
    text = Object.entries(labelsOf(attributes))
      .map(([name, value]) => labelPair(name, value))
      .join(',');
    texts.set(attributes, text);
  }
  return text;
}

/** The series over the SDK's cardinality limit, which it puts under attributes of its own, become a visible `other`. */
export function showOverflow(name: string, points: readonly DataPoint<unknown>[]): DataPoint<unknown>[] {
  const usual = points.find(({ attributes }) => !(OVERFLOW in attributes));
  return points.map((point) => {
    if (!(OVERFLOW in point.attributes)) return point;
    sayOnce(
      `overflow ${name}`,
      `metric "${name}" of the app has more series than are kept for one instrument: further ones count as "other"; raise METRICS_MAX_LABEL_VALUES to tell them apart`,
    );
    return { ...point, attributes: Object.fromEntries(Object.keys(usual?.attributes ?? {}).map((key) => [key, 'other'])) };
  });
}
