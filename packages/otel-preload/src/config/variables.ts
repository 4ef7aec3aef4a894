// Every environment variable as data: the tables of docs/settings.md, the checks and their messages follow.

import { catalogue, type Family } from '../catalogue';
import {
  anything,
  ascending,
  attributes,
  boolean,
  host,
  integer,
  names,
  otelBoolean,
  platformPort,
  port,
  positive,
  urlPath,
  type Parser,
} from './parsers';
import { compression, endpoint, exporters, headers, pemFile, protocol, temporality } from './push-parsers';

export interface Variable<T> {
  /** Its table in docs/settings.md. */
  readonly group: 'main' | 'limits' | 'push';
  /** A sentence or two for the table. */
  readonly meaning: string;
  /** The value when unset, written as in the environment; empty: none, as `meaning` explains. */
  readonly default: string;
  readonly parser: Parser<T>;
  /** Its value is shown nowhere: not in the log, not by the doctor. */
  readonly secret?: true;
}

const familyNames: ReadonlySet<string> = new Set(Object.values(catalogue).map((metric) => metric.family));
const families = names(`one of the families ${[...familyNames].join(', ')}`, (name): name is Family => familyNames.has(name));
const cacheTypes = names('a name of letters, _ and -, up to 32', (name): name is string => /^[A-Za-z][A-Za-z_-]{0,31}$/.test(name));
/** Up to the longest wait of a Node.js timer. */
const milliseconds = integer(1, 2_147_483_647);
/** A cap is a budget, not a switch: no Prometheus takes a million series from a single process. */
const cap = integer(1, 1_000_000);

export const variables = {
  PROMETHEUS_ENABLED: {
    group: 'main',
    meaning: 'Switches the preload on. While off, the preload does nothing.',
    default: 'false',
    parser: boolean,
  },
  METRICS_PORT: {
    group: 'main',
    meaning: 'The port for the metrics. Unset: the port of the first HTTP server of the app.',
    default: '',
    parser: port,
  },
  METRICS_HOST: {
    group: 'main',
    meaning:
      'If the app does not listen on METRICS_PORT, the preload opens a small server there, on this address. Unset: on all addresses (`::`, else `0.0.0.0`).',
    default: '',
    parser: host,
  },
  METRICS_PATH: { group: 'main', meaning: 'The path of the metrics.', default: '/metrics', parser: urlPath },
  METRICS_AUTH_TOKEN: {
    group: 'main',
    meaning: 'Each scrape must bring this token: as bearer, or as the password of basic auth with any user name.',
    default: '',
    parser: anything,
    secret: true,
  },
  METRICS_PUBLIC: {
    group: 'main',
    meaning: 'Answers public addresses in production even without a token.',
    default: 'false',
    parser: boolean,
  },
  METRICS_LIVE: {
    group: 'main',
    meaning: 'Serves the live page at `/metrics/live` beyond loopback too, to callers with METRICS_AUTH_TOKEN.',
    default: 'false',
    parser: boolean,
  },
  METRICS_DISABLE: {
    group: 'main',
    meaning: `Families of metrics to leave out, as a comma list of ${[...familyNames].join(', ')}.`,
    default: '',
    parser: families,
  },
  SLOW_QUERY_MS: {
    group: 'main',
    meaning: 'slow_queries_total counts the queries above this time, in milliseconds.',
    default: '100',
    parser: positive,
  },
  METRICS_HTTP_BUCKETS_MS: {
    group: 'limits',
    meaning: 'Bucket boundaries of http_request_duration_ms and http_client_request_duration_ms, as a comma list.',
    default: '',
    parser: ascending,
  },
  METRICS_DATABASE_BUCKETS_MS: {
    group: 'limits',
    meaning: 'Bucket boundaries of database_query_duration_ms, as a comma list; the preload adds SLOW_QUERY_MS.',
    default: '',
    parser: ascending,
  },
  METRICS_JOB_BUCKETS_MS: { group: 'limits', meaning: 'Bucket boundaries of job_duration_ms, as a comma list.', default: '', parser: ascending },
  METRICS_MAX_ENDPOINTS: {
    group: 'limits',
    meaning: 'The most values of the label endpoint; further values count as `other`.',
    default: '200',
    parser: cap,
  },
  METRICS_MAX_TABLES: { group: 'limits', meaning: 'The most values of the label table.', default: '100', parser: cap },
  METRICS_MAX_JOB_TYPES: { group: 'limits', meaning: 'The most values of the label job_type.', default: '100', parser: cap },
  METRICS_MAX_CACHE_TYPES: { group: 'limits', meaning: 'The most values of the label cache_type.', default: '50', parser: cap },
  METRICS_MAX_ERROR_TYPES: { group: 'limits', meaning: 'The most values of the label error_type.', default: '50', parser: cap },
  METRICS_MAX_LABEL_VALUES: {
    group: 'limits',
    meaning: "The most values of each further label, also in the app's own metrics.",
    default: '100',
    parser: cap,
  },
  METRICS_MAX_SERIES: {
    group: 'limits',
    meaning:
      "The most series of each metric of the app's own; all these metrics together may have ten times as many. At least METRICS_MAX_LABEL_VALUES. Further series count as `other`.",
    default: '2000',
    parser: cap,
  },
  CACHE_TYPES: {
    group: 'main',
    meaning: 'The only values of cache_type, as a comma list; all else counts as `other`. Unset: every text in the form of a name.',
    default: '',
    parser: cacheTypes,
  },
  NODE_ENV: {
    group: 'main',
    meaning: '`production` without METRICS_AUTH_TOKEN: only private addresses are answered.',
    default: '',
    parser: anything,
  },
  PORT: {
    group: 'main',
    meaning: "The app's own port. If METRICS_PORT is the same port, the preload opens no server there.",
    default: '',
    parser: platformPort,
  },
  OTEL_SDK_DISABLED: {
    group: 'main',
    meaning: '`true` switches the preload off, even with PROMETHEUS_ENABLED.',
    default: 'false',
    parser: otelBoolean,
  },
  OTEL_SERVICE_NAME: { group: 'push', meaning: 'The service.name of each push.', default: '', parser: anything },
  OTEL_RESOURCE_ATTRIBUTES: {
    group: 'push',
    meaning: 'Further resource attributes of each push, as key=value,key=value.',
    default: '',
    parser: attributes,
  },
  OTEL_METRICS_EXPORTER: {
    group: 'push',
    meaning: '`none`, or `prometheus` without `otlp`: the preload does not push, and still answers scrapes.',
    default: '',
    parser: exporters,
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    group: 'push',
    meaning: 'The collector for pushes beside the scrape, such as http://collector:4318; the preload adds `/v1/metrics`. Unset: no pushes.',
    default: '',
    parser: endpoint,
  },
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: {
    group: 'push',
    meaning: 'The same as a whole address, path included. Each `_METRICS_` variable wins over its namesake without `_METRICS_`.',
    default: '',
    parser: endpoint,
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    group: 'push',
    meaning: 'Headers of each push, as name=value,name=value, percent-encoded.',
    default: '',
    parser: headers,
    secret: true,
  },
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: { group: 'push', meaning: 'Further headers, for metrics alone.', default: '', parser: headers, secret: true },
  OTEL_EXPORTER_OTLP_PROTOCOL: {
    group: 'push',
    meaning: '`http/protobuf` or `http/json`. The preload speaks no gRPC.',
    default: 'http/protobuf',
    parser: protocol,
  },
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: { group: 'push', meaning: 'The same for metrics alone.', default: '', parser: protocol },
  OTEL_EXPORTER_OTLP_COMPRESSION: { group: 'push', meaning: '`gzip` or `none`.', default: 'none', parser: compression },
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: { group: 'push', meaning: 'The same for metrics alone.', default: '', parser: compression },
  OTEL_EXPORTER_OTLP_TIMEOUT: {
    group: 'push',
    meaning: 'The longest wait for the answer to an attempt, in milliseconds.',
    default: '10000',
    parser: milliseconds,
  },
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: { group: 'push', meaning: 'The same for metrics alone.', default: '', parser: milliseconds },
  OTEL_EXPORTER_OTLP_CERTIFICATE: {
    group: 'push',
    meaning: "A file (PEM) with the authorities for the collector's certificate, in place of the public authorities.",
    default: '',
    parser: pemFile,
  },
  OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: { group: 'push', meaning: 'The same for metrics alone.', default: '', parser: pemFile },
  OTEL_EXPORTER_OTLP_CLIENT_KEY: {
    group: 'push',
    meaning: "A file (PEM) with the client's private key, for mutual TLS.",
    default: '',
    parser: pemFile,
  },
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY: { group: 'push', meaning: 'The same for metrics alone.', default: '', parser: pemFile },
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: {
    group: 'push',
    meaning: "A file (PEM) with the client's certificate, for mutual TLS.",
    default: '',
    parser: pemFile,
  },
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE: { group: 'push', meaning: 'The same for metrics alone.', default: '', parser: pemFile },
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: {
    group: 'push',
    meaning: '`cumulative` pushes totals, `delta` the increase since the last push. Unset: totals, but deltas from a serverless function.',
    default: '',
    parser: temporality,
  },
  OTEL_METRIC_EXPORT_INTERVAL: { group: 'push', meaning: 'The time between two pushes, in milliseconds.', default: '60000', parser: milliseconds },
  OTEL_METRIC_EXPORT_TIMEOUT: {
    group: 'push',
    meaning: 'The longest time for all attempts of a push, in milliseconds; at most the interval, and at most 5 s in a serverless function.',
    default: '30000',
    parser: milliseconds,
  },
  VERCEL: { group: 'push', meaning: 'Set by Vercel: the process is a serverless function.', default: '', parser: anything },
  AWS_LAMBDA_FUNCTION_NAME: { group: 'push', meaning: 'Set by AWS Lambda: the process is a serverless function.', default: '', parser: anything },
  OTEL_EXPORTER_PROMETHEUS_PORT: {
    group: 'main',
    meaning: "Stands in for an unset METRICS_PORT, unless an exporter of the app's own listens there.",
    default: '',
    parser: port,
  },
  OTEL_EXPORTER_PROMETHEUS_HOST: { group: 'main', meaning: 'Stands in for an unset METRICS_HOST.', default: '', parser: host },
} as const satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof variables;

type Parsed<N extends VariableName> = (typeof variables)[N]['parser'] extends Parser<infer T> ? T : never;

/** The type of a variable's value; undefined only for an unset variable without a default. */
export type ValueOf<N extends VariableName> = Parsed<N> | ((typeof variables)[N]['default'] extends '' ? undefined : never);

/** Reads and checks a variable, and logs any mistake. */
export type Read = <N extends VariableName>(name: N) => ValueOf<N>;
