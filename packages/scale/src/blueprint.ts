// The common part of all instances of an app: the series, in the order and the words of the preload's exposition.

import { catalogue, type MetricName } from '@earntrack/otel-preload/catalogue';
import { fixedLabelSets, type LabelSets, type ShapedMetric } from './fixed';
import { boundariesOf, JOB_STATUSES, POOL_STATES, QUEUE_STATES, STATUSES_A_ROUTE, type Shape } from './shape';

/** A label set of a metric. Its series begin at `first`: buckets, sum and count, or a single series. */
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

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const RESOURCES = ['users', 'earnings', 'payouts', 'platforms', 'reports', 'sessions', 'trips', 'documents'] as const;
const STATEMENTS = ['select', 'insert', 'update', 'delete'] as const;

const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));
const at = <T>(list: readonly T[], index: number): T => list[index % list.length]!;
const round = (index: number, list: readonly unknown[]): number => Math.floor(index / list.length);

const route = (index: number) => {
  const path = round(index, METHODS);
  return { method: at(METHODS, index), endpoint: `/api/${at(RESOURCES, path)}/:id/${round(path, RESOURCES)}` };
};
const query = (index: number) => ({ query_type: at(STATEMENTS, index), table: `${at(RESOURCES, index)}_${round(index, STATEMENTS)}` });

function labelSetsOf(shape: Shape): ReturnType<typeof fixedLabelSets> {
  const own: Pick<LabelSets, ShapedMetric> = {
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
    jobs_executed_total: times(shape.jobTypes, (index) => index).flatMap((index) =>
      JOB_STATUSES.map((status) => ({ job_type: `job-${index}`, status })),
    ),
    job_duration_ms: times(shape.jobTypes, (index) => ({ job_type: `job-${index}` })),
    job_queue_depth: times(shape.queues, (index) => index).flatMap((index) => QUEUE_STATES.map((state) => ({ queue: `queue-${index}`, state }))),
    errors_total: times(shape.errors, (index) => ({ error_type: `Error${index}`, endpoint: route(index).endpoint })),
  };
  return { ...fixedLabelSets(), ...own };
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
