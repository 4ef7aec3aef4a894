// Where and how metrics are pushed. Of two variables the metrics' own variable wins over the variable for all signals.

import type { PushConfig } from './types';
import type { Read } from './variables';

/** A platform waits for the push after an answer, and bills the wait; undelivered counts come with the push after the next answer. */
const MOST_SERVERLESS_MS = 5000;

/** Undefined if nothing is pushed; the remaining variables are then not looked at. */
export function pushSettings(read: Read): PushConfig | undefined {
  const url = addressOf(read);
  if (url === undefined || read('OTEL_METRICS_EXPORTER')?.has('otlp') === false) return undefined;
  const intervalMs = read('OTEL_METRIC_EXPORT_INTERVAL');
  const serverless = (read('VERCEL') ?? read('AWS_LAMBDA_FUNCTION_NAME')) !== undefined;
  return {
    url,
    headers: { ...read('OTEL_EXPORTER_OTLP_HEADERS'), ...read('OTEL_EXPORTER_OTLP_METRICS_HEADERS') },
    protocol: read('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ?? read('OTEL_EXPORTER_OTLP_PROTOCOL'),
    gzip: (read('OTEL_EXPORTER_OTLP_METRICS_COMPRESSION') ?? read('OTEL_EXPORTER_OTLP_COMPRESSION')) === 'gzip',
    timeoutMs: read('OTEL_EXPORTER_OTLP_METRICS_TIMEOUT') ?? read('OTEL_EXPORTER_OTLP_TIMEOUT'),
    intervalMs,
    retryMs: Math.min(read('OTEL_METRIC_EXPORT_TIMEOUT'), serverless ? MOST_SERVERLESS_MS : intervalMs),
    deltas: (read('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE') ?? (serverless ? 'delta' : 'cumulative')) === 'delta',
    serverless,
    files: {
      ca: read('OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE') ?? read('OTEL_EXPORTER_OTLP_CERTIFICATE'),
      key: read('OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY') ?? read('OTEL_EXPORTER_OTLP_CLIENT_KEY'),
      cert: read('OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE') ?? read('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
    },
  };
}

/** The address for metrics is used as given; the address for all signals is a base. */
function addressOf(read: Read): URL | undefined {
  const whole = read('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT');
  if (whole !== undefined) return whole;
  const base = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (base === undefined) return undefined;
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/v1/metrics`;
  return base;
}
