// The meaning of the environment: the shapes open to every room.

import type { Family, MetricName } from '../catalogue';

/** Everything the preload may be told, checked. Durations and boundaries are in milliseconds. */
export interface Config {
  /** PROMETHEUS_ENABLED, and not OTEL_SDK_DISABLED */
  readonly enabled: true;
  /** METRICS_PORT; undefined: the app's first HTTP server serves the scrape. */
  readonly port: number | undefined;
  /** OTEL_EXPORTER_PROMETHEUS_PORT stands in for METRICS_PORT: if the app has an exporter of its own, the port belongs to that exporter. */
  readonly portOfExporter: boolean;
  /** PORT, the platform's; only for telling whether METRICS_PORT differs from PORT. */
  readonly appPort: number | undefined;
  /** METRICS_HOST of the fallback server; undefined: `::`, else `0.0.0.0`. */
  readonly host: string | undefined;
  /** METRICS_PATH */
  readonly path: string;
  /** METRICS_AUTH_TOKEN */
  readonly token: string | undefined;
  /** METRICS_PUBLIC: without a token, answer public addresses too. */
  readonly answerPublic: boolean;
  /** METRICS_LIVE: the live page is served beyond loopback, to requests with the token. */
  readonly live: boolean;
  /** NODE_ENV=production */
  readonly production: boolean;
  /** METRICS_DISABLE: families to leave out. */
  readonly disabled: ReadonlySet<Family>;
  /** SLOW_QUERY_MS; always among the boundaries of database_query_duration_ms. */
  readonly slowQueryMs: number;
  /** Histograms whose boundaries were set by the environment, in the metric's unit; strictly ascending. */
  readonly boundaries: Partial<Readonly<Record<MetricName, readonly number[]>>>;
  /** The most values of each label; values over the cap are counted under `other`. */
  readonly labelCaps: LabelCaps;
  /** METRICS_MAX_SERIES: the most series of each metric of the app's own; series over the cap are counted under `other`. */
  readonly seriesCap: number;
  /** CACHE_TYPES: the only cache types to tell apart; undefined: all types with the form of a name. */
  readonly cacheTypes: ReadonlySet<string> | undefined;
  /** OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, as the resource of pushed metrics. */
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
  /** The longest time of an attempt. */
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** The longest time for retrying a push; at most the interval. */
  readonly retryMs: number;
  /** Push the counts since the last push, rather than totals. */
  readonly deltas: boolean;
  /** The platform may freeze the process after an answer. */
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
  /** All further labels: platform, host, pool, queue and the labels of the app's own metrics. */
  readonly rest: number;
}

/** The preload has nothing to do, and nothing more was read. */
export interface Off {
  readonly enabled: false;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Logs a line about a cause; `sayOnce` outside of tests. */
export type Say = (cause: string, line: string) => void;
