// The demo's figures: the documented metrics, read over an interval between two scrapes.

import type { Interval, Labels, Observed } from './increase';

export interface Figures {
  readonly endpoints: Endpoint[];
  readonly queries: Query[];
  readonly caches: CacheType[];
  readonly jobs: Job[];
  readonly sockets: { readonly active: number; readonly accepted: number };
  /** By type, over all endpoints. */
  readonly errors: { readonly type: string; readonly count: number }[];
  readonly earnings: { readonly platform: string; readonly count: number }[];
  readonly activeUsers: number | undefined;
  readonly cacheBytes: number | undefined;
}
export interface Endpoint {
  readonly method: string;
  readonly endpoint: string;
  readonly count: number;
  readonly serverErrors: number;
  readonly p95: number | undefined;
}
export interface Query {
  readonly type: string;
  readonly table: string;
  readonly count: number;
  readonly mean: number | undefined;
  readonly p95: number | undefined;
  readonly slow: number;
}
export interface CacheType {
  readonly type: string;
  readonly reads: number;
  /** undefined if nothing was read */
  readonly hitRate: number | undefined;
}
export interface Job {
  readonly type: string;
  readonly completed: number;
  readonly failed: number;
  readonly attempts: number;
  readonly p95: number | undefined;
}

export function figuresOf(interval: Interval): Figures {
  const { to } = interval;
  return {
    endpoints: endpoints(interval),
    queries: queries(interval),
    caches: caches(interval),
    jobs: jobs(interval),
    sockets: {
      active: to.value('websocket_connections_active') ?? 0,
      accepted: sum(interval, 'websocket_connections_total'),
    },
    errors: errors(interval),
    earnings: interval.counter('earnings_processed_total').map(({ labels, value }) => ({ platform: labels.platform!, count: value })),
    activeUsers: to.value('active_users'),
    cacheBytes: to.value('cache_size_bytes', { cache_type: 'redis' }),
  };
}

function endpoints(interval: Interval): Endpoint[] {
  return histogram(interval, 'http_request_duration_ms').map(({ labels: { method = '', endpoint = '' }, count, p95 }) => {
    const serverErrors = sum(interval, 'http_requests_total', (labels) => {
      return labels.method === method && labels.endpoint === endpoint && labels.status!.startsWith('5');
    });
    return { method, endpoint, count, serverErrors, p95 };
  });
}

function queries(interval: Interval): Query[] {
  return histogram(interval, 'database_query_duration_ms').map(({ labels: { query_type: type = '', table = '' }, count, mean, p95 }) => {
    const slow = sum(interval, 'slow_queries_total', (labels) => labels.query_type === type && labels.table === table);
    return { type, table, count, mean, p95, slow };
  });
}

function caches(interval: Interval): CacheType[] {
  const misses = (type: string): number => sum(interval, 'cache_misses_total', (labels) => labels.cache_type === type);
  return interval.counter('cache_hits_total').map(({ labels: { cache_type: type = '' }, value: hits }) => {
    const reads = hits + misses(type);
    return { type, reads, hitRate: reads > 0 ? hits / reads : undefined };
  });
}

function jobs(interval: Interval): Job[] {
  return histogram(interval, 'job_duration_ms').map(({ labels: { job_type: type = '' }, count, p95 }) => {
    const ended = (status: string): number => sum(interval, 'jobs_executed_total', (labels) => labels.job_type === type && labels.status === status);
    return { type, completed: ended('completed'), failed: ended('failed'), attempts: count, p95 };
  });
}

function errors(interval: Interval): Figures['errors'] {
  const types = new Set(interval.to.all('errors_total').map(({ labels }) => labels.error_type!));
  return [...types].map((type) => ({ type, count: sum(interval, 'errors_total', (labels) => labels.error_type === type) }));
}

function sum(interval: Interval, name: string, wanted: (labels: Labels) => boolean = () => true): number {
  return interval.counter(name).reduce((total, { labels, value }) => (wanted(labels) ? total + value : total), 0);
}

/** The series with the most observations since the start comes first: an order that stays from picture to picture. */
function histogram(interval: Interval, name: string): Observed[] {
  const total = ({ labels }: Observed): number => interval.to.value(`${name}_count`, labels) ?? 0;
  return interval.histogram(name).toSorted((a, b) => total(b) - total(a));
}
