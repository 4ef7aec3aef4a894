// The semantic-convention histograms that stand behind documented metrics, and how another instrumentation's attributes
// become documented labels.

import type { Attributes } from '@opentelemetry/api';
import type { MetricName, StreamName } from '../catalogue';

/** The meter of all that the preload records itself. */
export const METER = '@earntrack/otel-preload';

export interface Stream {
  /** The documented histogram in ms that is made of it; the view gives its name to the stream. */
  readonly metric: MetricName;
  /** All labels that any metric made of this stream has, in the order in which hooks record them. */
  readonly labels: readonly string[];
  /** A stock instrumentation that records this stream as well. */
  readonly stock?: { readonly meter: string; readonly valuesOf: (attributes: Attributes) => readonly string[] };
}

/** Method names that semantic conventions know; https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY']);

export const streams: Readonly<Record<StreamName, Stream>> = {
  'http.server.request.duration': { metric: 'http_request_duration_ms', labels: ['method', 'status', 'endpoint'] },
  'http.client.request.duration': {
    metric: 'http_client_request_duration_ms',
    labels: ['method', 'host', 'status'],
    stock: { meter: '@opentelemetry/instrumentation-http', valuesOf: clientValues },
  },
  'db.client.operation.duration': { metric: 'database_query_duration_ms', labels: ['query_type', 'table'] },
};

/** `status` is `error` for a request that got no response. */
function clientValues(from: Attributes): readonly string[] {
  const method = from['http.request.method'];
  return [
    typeof method === 'string' && METHODS.has(method) ? method : '_OTHER',
    String(from['server.address'] ?? 'unknown'),
    String(from['http.response.status_code'] ?? 'error'),
  ];
}
