// The metrics that every instance shows, whatever the app has: the runtime, the process, the preload itself, and the metrics without labels.

import { catalogue, type LabelOf, type MetricName } from '@earntrack/otel-preload/catalogue';

export type LabelSets = { readonly [N in MetricName]: readonly Readonly<Record<LabelOf<N>, string>>[] };

/** The metrics whose label sets follow from the app's parts. All further metrics are fixed. */
export const SHAPED = [
  'http_requests_total',
  'http_request_duration_ms',
  'http_client_request_duration_ms',
  'database_query_duration_ms',
  'slow_queries_total',
  'database_pool_connections',
  'cache_hits_total',
  'cache_misses_total',
  'jobs_executed_total',
  'job_duration_ms',
  'job_queue_depth',
  'errors_total',
] as const satisfies readonly MetricName[];

export type ShapedMetric = (typeof SHAPED)[number];

const SPACES = ['read_only', 'new', 'old', 'code', 'shared', 'trusted', 'new_large_object', 'large_object', 'code_large_object'];
const bySpace = SPACES.map((space) => ({ space }));

/** The fixed metrics with several label sets, or with values worth a look. */
const KNOWN: Partial<LabelSets> = {
  cache_size_bytes: [{ cache_type: 'redis' }],
  earnings_processed_total: ['uber', 'lyft', 'doordash'].map((platform) => ({ platform })),
  otel_preload_dropped_total: ['label_cap', 'invalid_value', 'mapping_failed', 'undeclared_metric', 'wrong_use'].map((reason) => ({ reason })),
  otel_preload_series: Object.keys(catalogue).map((metric) => ({ metric })),
  nodejs_active_handles: ['Server', 'Socket', 'WriteStream'].map((type) => ({ type })),
  nodejs_active_resources: ['TCPServerWrap', 'TCPSocketWrap', 'Timeout', 'TTYWrap'].map((type) => ({ type })),
  nodejs_heap_space_size_total_bytes: bySpace,
  nodejs_heap_space_size_used_bytes: bySpace,
  nodejs_heap_space_size_available_bytes: bySpace,
  nodejs_gc_duration_seconds: ['major', 'minor', 'incremental', 'weakcb'].map((kind) => ({ kind })),
};

/** By metric, in the catalogue's order; shaped metrics are empty here. */
export function fixedLabelSets(): Record<MetricName, readonly Readonly<Record<string, string>>[]> {
  const shaped: readonly string[] = SHAPED;
  const names = Object.keys(catalogue) as MetricName[];
  return Object.fromEntries(names.map((name) => [name, shaped.includes(name) ? [] : (KNOWN[name] ?? [oneOf(name)])])) as ReturnType<
    typeof fixedLabelSets
  >;
}

const oneOf = (name: MetricName): Readonly<Record<string, string>> => Object.fromEntries(catalogue[name].labels.map((label) => [label, 'one']));
