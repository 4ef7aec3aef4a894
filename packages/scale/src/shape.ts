// How many series an app shows: the formula of compose/SCALING.md, and its reverse, an app with exactly so many.

import { catalogue, type Metric, type MetricName } from '@earntrack/otel-preload/catalogue';
import { fixedLabelSets } from './fixed';

/** The parts of an app that bring label sets. */
export interface Shape {
  /** Method and route template. */
  readonly routes: number;
  /** Method, host and status of an outgoing request. */
  readonly hosts: number;
  /** Statement type and table. */
  readonly queries: number;
  readonly pools: number;
  readonly jobTypes: number;
  readonly queues: number;
  readonly cacheTypes: number;
  /** Error class and route template. */
  readonly errors: number;
}

/** Of a histogram; undefined for further kinds. */
export const boundariesOf = (name: MetricName): readonly number[] | undefined => (catalogue[name] as Metric).boundaries;

/** The series of a label set: a histogram has a series for each boundary, and `+Inf`, `_sum` and `_count`. */
function seriesOfLabelSet(name: MetricName): number {
  const boundaries = boundariesOf(name);
  return boundaries === undefined ? 1 : boundaries.length + 3;
}

/** Answers of a route with their own status code: 200, and 500 or 404. */
export const STATUSES_A_ROUTE = 2;
export const POOL_STATES = ['used', 'idle', 'waiting'] as const;
export const QUEUE_STATES = ['waiting', 'active', 'delayed', 'prioritized', 'failed'] as const;
export const JOB_STATUSES = ['completed', 'failed'] as const;

/** The series that each further part adds. */
export const SERIES_EACH: Readonly<Record<keyof Shape, number>> = {
  routes: seriesOfLabelSet('http_request_duration_ms') + STATUSES_A_ROUTE * seriesOfLabelSet('http_requests_total'),
  hosts: seriesOfLabelSet('http_client_request_duration_ms'),
  queries: seriesOfLabelSet('database_query_duration_ms') + seriesOfLabelSet('slow_queries_total'),
  pools: POOL_STATES.length * seriesOfLabelSet('database_pool_connections'),
  jobTypes: seriesOfLabelSet('job_duration_ms') + JOB_STATUSES.length * seriesOfLabelSet('jobs_executed_total'),
  queues: QUEUE_STATES.length * seriesOfLabelSet('job_queue_depth'),
  cacheTypes: seriesOfLabelSet('cache_hits_total') + seriesOfLabelSet('cache_misses_total'),
  errors: seriesOfLabelSet('errors_total'),
};

/** The series of every instance. */
export const FIXED_SERIES = (Object.entries(fixedLabelSets()) as [MetricName, readonly unknown[]][]).reduce(
  (sum, [name, sets]) => sum + sets.length * seriesOfLabelSet(name),
  0,
);

export function seriesOf(shape: Shape): number {
  const kinds = Object.keys(SERIES_EACH) as (keyof Shape)[];
  return FIXED_SERIES + kinds.reduce((sum, kind) => sum + shape[kind] * SERIES_EACH[kind], 0);
}

/** The origins of an ordinary backend's series; errors take the remainder. */
const SHARES: Readonly<Record<Exclude<keyof Shape, 'errors'>, number>> = {
  routes: 0.55,
  hosts: 0.06,
  queries: 0.25,
  pools: 0.01,
  jobTypes: 0.08,
  queues: 0.02,
  cacheTypes: 0.02,
};

/** An app with exactly `series` series. @throws if every instance shows more */
export function shapeWith(series: number): Shape {
  const rest = series - FIXED_SERIES;
  if (rest < 0) throw new Error(`an instance shows at least ${FIXED_SERIES} series`);
  const each = (kind: keyof typeof SHARES): number => Math.floor((rest * SHARES[kind]) / SERIES_EACH[kind]);
  const kinds = Object.keys(SHARES) as (keyof typeof SHARES)[];
  const shape = Object.fromEntries(kinds.map((kind) => [kind, each(kind)])) as Omit<Shape, 'errors'>;
  return { ...shape, errors: series - seriesOf({ ...shape, errors: 0 }) };
}
