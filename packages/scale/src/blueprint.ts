// What all instances of one app have in common: the series that they show, in the order and the words of the preload's exposition.

import { catalogue, type LabelOf, type MetricName } from '@earntrack/otel-preload/catalogue';
import { boundariesOf, JOB_STATUSES, POOL_STATES, QUEUE_STATES, STATUSES_A_ROUTE, type Shape } from './shape';

/** One label set of a metric. Its series are those from `first` on: buckets, sum and count, or just one. */
export interface LabelSet {
  readonly metric: MetricName;
  readonly first: number;
  /** Its place among the label sets of its metric, and how many these are: the first is the busiest. */
  readonly rank: number;
  readonly of: number;
}

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Blueprint {
  readonly series: readonly Series[];
  readonly labelSets: readonly LabelSet[];
  /** HELP and TYPE, by the index of a metric's first series. */
  readonly heads: ReadonlyMap<number, string>;
}

type Labels<N extends MetricName> = Readonly<Record<LabelOf<N>, string>>;
type LabelSets = { readonly [N in MetricName]: readonly Labels<N>[] };

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const RESOURCES = ['users', 'earnings', 'payouts', 'platforms', 'reports', 'sessions', 'trips', 'documents'] as const;
const STATEMENTS = ['select', 'insert', 'update', 'delete'] as const;
const SPACES = ['read_only', 'new', 'old', 'code', 'shared', 'trusted', 'new_large_object', 'large_object', 'code_large_object'];

const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const round = (index: number, list: readonly unknown[]): number => Math.floor(index / list.length);

const route = (index: number) => {
  const path = round(index, METHODS);
  return { method: at(METHODS, index), endpoint: `/api/${at(RESOURCES, path)}/:id/${round(path, RESOURCES)}` };
};
const query = (index: number) => ({ query_type: at(STATEMENTS, index), table: `${at(RESOURCES, index)}_${round(index, STATEMENTS)}` });
const bySpace = SPACES.map((space) => ({ space }));
const nothing = [{}];

function labelSetsOf(shape: Shape): LabelSets {
  const own: Omit<LabelSets, 'otel_preload_series'> = {
    http_requests_total: times(shape.routes, route).flatMap(({ method, endpoint }) =>
      times(STATUSES_A_ROUTE, (status) => ({ method, status: at(['200', '500'], status), endpoint })),
    ),
    http_request_duration_ms: times(shape.routes, route),
    http_client_request_duration_ms: times(shape.hosts, (index) => ({ method: at(METHODS, index), host: `api-${index}.example`, status: '200' })),
    database_query_duration_ms: times(shape.queries, query),
    slow_queries_total: times(shape.queries, query),
    database_pool_connections: times(shape.pools, (index) => index).flatMap((index) =>
      POOL_STATES.map((state) => ({ pool: `db-${index}:5432/earntrack`, state })),
    ),
    cache_hits_total: times(shape.cacheTypes, (index) => ({ cache_type: `type-${index}` })),
    cache_misses_total: times(shape.cacheTypes, (index) => ({ cache_type: `type-${index}` })),
    cache_size_bytes: [{ cache_type: 'redis' }],
    jobs_executed_total: times(shape.jobTypes, (index) => index).flatMap((index) =>
      JOB_STATUSES.map((status) => ({ job_type: `job-${index}`, status })),
    ),
    job_duration_ms: times(shape.jobTypes, (index) => ({ job_type: `job-${index}` })),
    job_queue_depth: times(shape.queues, (index) => index).flatMap((index) => QUEUE_STATES.map((state) => ({ queue: `queue-${index}`, state }))),
    websocket_connections_total: nothing,
    websocket_connections_active: nothing,
    errors_total: times(shape.errors, (index) => ({ error_type: `Error${index}`, endpoint: route(index).endpoint })),
    earnings_processed_total: ['uber', 'lyft', 'doordash'].map((platform) => ({ platform })),
    active_users: nothing,
    otel_preload_info: [{ version: '0.1.0' }],
    otel_preload_dropped_total: ['label_cap', 'invalid_value', 'mapping_failed', 'undeclared_metric', 'wrong_use'].map((reason) => ({ reason })),
    otel_preload_collect_errors_total: nothing,
    process_cpu_user_seconds_total: nothing,
    process_cpu_system_seconds_total: nothing,
    process_cpu_seconds_total: nothing,
    process_start_time_seconds: nothing,
    process_resident_memory_bytes: nothing,
    process_virtual_memory_bytes: nothing,
    process_heap_bytes: nothing,
    process_open_fds: nothing,
    process_max_fds: nothing,
    nodejs_eventloop_lag_seconds: nothing,
    nodejs_eventloop_lag_min_seconds: nothing,
    nodejs_eventloop_lag_max_seconds: nothing,
    nodejs_eventloop_lag_mean_seconds: nothing,
    nodejs_eventloop_lag_stddev_seconds: nothing,
    nodejs_eventloop_lag_p50_seconds: nothing,
    nodejs_eventloop_lag_p90_seconds: nothing,
    nodejs_eventloop_lag_p99_seconds: nothing,
    nodejs_active_handles: ['Server', 'Socket', 'WriteStream'].map((type) => ({ type })),
    nodejs_active_requests: [{ type: 'FSReqPromise' }],
    nodejs_active_resources: ['TCPServerWrap', 'TCPSocketWrap', 'Timeout', 'TTYWrap'].map((type) => ({ type })),
    nodejs_heap_size_total_bytes: nothing,
    nodejs_heap_size_used_bytes: nothing,
    nodejs_external_memory_bytes: nothing,
    nodejs_heap_space_size_total_bytes: bySpace,
    nodejs_heap_space_size_used_bytes: bySpace,
    nodejs_heap_space_size_available_bytes: bySpace,
    nodejs_version_info: [{ version: 'v20.20.2', major: '20', minor: '20', patch: '2' }],
    nodejs_gc_duration_seconds: ['major', 'minor', 'incremental', 'weakcb'].map((kind) => ({ kind })),
  };
  // The preload counts label sets of what it shows, a small app's unused families included here.
  return { ...own, otel_preload_series: Object.keys(catalogue).map((metric) => ({ metric })) };
}

export function blueprintOf(shape: Shape): Blueprint {
  const series: Series[] = [];
  const labelSets: LabelSet[] = [];
  const heads = new Map<number, string>();
  for (const [name, sets] of Object.entries(labelSetsOf(shape)) as [MetricName, readonly Readonly<Record<string, string>>[]][]) {
    const { kind, help } = catalogue[name];
    if (sets.length > 0) heads.set(series.length, `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
    for (const [rank, labels] of sets.entries()) {
      labelSets.push({ metric: name, first: series.length, rank, of: sets.length });
      series.push(...seriesOfOne(name, labels));
    }
  }
  return { series, labelSets, heads };
}

function seriesOfOne(name: MetricName, labels: Readonly<Record<string, string>>): readonly Series[] {
  const boundaries = boundariesOf(name);
  if (boundaries === undefined) return [{ name, labels }];
  const buckets = [...boundaries.map(String), '+Inf'].map((le) => ({ name: `${name}_bucket`, labels: { ...labels, le } }));
  return [...buckets, { name: `${name}_sum`, labels }, { name: `${name}_count`, labels }];
}
