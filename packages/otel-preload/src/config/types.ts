// What the environment comes to: the shapes that every room may know.

import type { Family, MetricName } from '../catalogue';

/** Everything the preload may be told, checked. Durations and boundaries are in milliseconds. */
export interface Config {
  /** PROMETHEUS_ENABLED, and not OTEL_SDK_DISABLED */
  readonly enabled: true;
  /** METRICS_PORT; undefined: the first HTTP server that the app opens serves the scrape. */
  readonly port: number | undefined;
  /** OTEL_EXPORTER_PROMETHEUS_PORT stands in for METRICS_PORT: if the app has an exporter of its own, the port is that one's. */
  readonly portOfExporter: boolean;
  /** PORT, the platform's; only to know whether METRICS_PORT differs from it. */
  readonly appPort: number | undefined;
  /** METRICS_HOST of the fallback server; undefined: `::`, else `0.0.0.0`. */
  readonly host: string | undefined;
  /** METRICS_PATH */
  readonly path: string;
  /** METRICS_AUTH_TOKEN */
  readonly token: string | undefined;
  /** METRICS_PUBLIC: without a token, answer public addresses too. */
  readonly answerPublic: boolean;
  /** METRICS_LIVE: the live page is served beyond loopback, to whoever brings the token. */
  readonly live: boolean;
  /** NODE_ENV=production */
  readonly production: boolean;
  /** METRICS_DISABLE: families to leave out. */
  readonly disabled: ReadonlySet<Family>;
  /** SLOW_QUERY_MS; always one of the boundaries of database_query_duration_ms. */
  readonly slowQueryMs: number;
  /** Histograms whose boundaries were set by the environment, in the metric's unit; strictly ascending. */
  readonly boundaries: Partial<Readonly<Record<MetricName, readonly number[]>>>;
  /** The most values of each label; what is over is counted under `other`. */
  readonly labelCaps: LabelCaps;
  /** METRICS_MAX_SERIES: the most series of one metric of the app's own; what is over is counted under `other`. */
  readonly seriesCap: number;
  /** CACHE_TYPES: the only cache types to tell apart; undefined: all that look like names. */
  readonly cacheTypes: ReadonlySet<string> | undefined;
  /** OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, as the resource of what is pushed. */
  readonly resource: Readonly<Record<string, string>>;
  /** Where metrics are pushed to; undefined: nowhere. */
  readonly push: PushConfig | undefined;
}

/** How metrics are pushed: OTEL_EXPORTER_OTLP_* and OTEL_METRIC_EXPORT_*. */
export interface PushConfig {
  /** The whole http or https address. */
  readonly url: URL;
  /** Secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly gzip: boolean;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** How long one push may be tried again; at most the interval. */
  readonly retryMs: number;
  /** What came since the last push, rather than totals. */
  readonly deltas: boolean;
  /** The process may be frozen once it has answered. */
  readonly serverless: boolean;
  /** Files in PEM. */
  readonly files: { readonly ca: string | undefined; readonly key: string | undefined; readonly cert: string | undefined };
}

export interface LabelCaps {
  readonly endpoint: number;
  readonly table: number;
  readonly job_type: number;
  readonly cache_type: number;
  readonly error_type: number;
  /** Every other label: platform, host, pool, queue and those of the app's own metrics. */
  readonly rest: number;
}

/** The preload has nothing to do, and nothing more was read. */
export interface Off {
  readonly enabled: false;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Says one line about a cause; `sayOnce` outside of tests. */
export type Say = (cause: string, line: string) => void;
