// The semantic-convention histograms behind documented metrics, and the way from a stock instrumentation's attributes
// to documented labels.

import type { Attributes } from '@opentelemetry/api';
import type { MetricName, StreamName } from '../catalogue';

/** The meter of the preload's own instruments. */
export const METER = '@earntrack/otel-preload';

export interface Stream {
  /** The documented histogram in ms, made of the stream; the view names the stream after the histogram. */
  readonly metric: MetricName;
  /** The labels of all metrics made of this stream, in the order in which hooks record them. */
  readonly labels: readonly string[];
  /** A stock instrumentation with records of this stream. */
  readonly stock?: { readonly meter: string; readonly valuesOf: (attributes: Attributes) => readonly string[] };
}

/** The method names of the semantic conventions; https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
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

/** `status` is `error` for a request without a response. */
function clientValues(from: Attributes): readonly string[] {
  const method = from['http.request.method'];
  return [
    typeof method === 'string' && METHODS.has(method) ? method : '_OTHER',
    String(from['server.address'] ?? 'unknown'),
    String(from['http.response.status_code'] ?? 'error'),
  ];
}
