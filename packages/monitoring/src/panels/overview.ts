// The overview: is the app at fault, the database, the cache, or the jobs? A single screen, a column for each.

import type { MonitoringConfig } from '../config';
import { add, count, equal, max, metric, not, or, rate, sum, vector, type Vector } from '../promql/build';
import { orZero, share, steady } from './expressions';
import { RATE, shown, type Board, type Panel } from './panel';
import { budgetLeft, errorShare } from './shared';

const requests = rate(shown('http_requests_total'), RATE);
const queries = rate(shown('database_query_duration_ms_count'), RATE);
const hits = rate(shown('cache_hits_total'), RATE);
const misses = rate(shown('cache_misses_total'), RATE);
const ended = rate(shown('jobs_executed_total'), RATE);
const failedJobs = rate(shown('jobs_executed_total', { status: 'failed' }), RATE);
const waiting = max(sum(shown('job_queue_depth', { state: /waiting|prioritized/ }), 'queue', 'instance'), 'queue');

export function overviewBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-overview',
    title: 'Overview',
    description: 'Is it us, the database, the cache, or the jobs? From left to right; the first that is not green is where to look.',
    rows: [
      { title: 'Us, the database, the cache, the jobs', panels: [...upper(config), ...lower(config)] },
      { title: 'Over time', panels: overTime(config) },
    ],
  };
}

const tile = (title: string, description: string, rest: Pick<Panel, 'queries' | 'unit' | 'limits' | 'alert'>): Panel => ({
  title,
  description,
  kind: 'tile',
  ...rest,
});

const down = (job: RegExp): Vector => or(count(equal(metric('up', { job }), 0)), vector(0));

const alertsFiring = tile('Alerts firing', 'Without the watchdog, which always fires.', {
  queries: [{ expr: or(count(metric('ALERTS', { alertstate: 'firing', alertname: not('Watchdog') })), vector(0)) }],
  unit: 'count',
  limits: { critical: 1 },
});

const upper = (config: MonitoringConfig): Panel[] => [
  { ...errorShare(config), title: 'Us: errors' },
  tile('Us: 95th percentile', 'Nineteen of twenty requests took no longer.', {
    queries: [{ expr: steady(0.95, sum(rate(shown('http_request_duration_ms_bucket'), RATE), 'le')) }],
    unit: 'ms',
    limits: { warning: config.thresholds.latencyP95Ms },
    alert: 'HighLatency',
  }),
  tile('Database: 95th percentile', 'Of a query.', {
    queries: [{ expr: steady(0.95, sum(rate(shown('database_query_duration_ms_bucket'), RATE), 'le')) }],
    unit: 'ms',
    limits: { warning: 100, critical: 500 },
  }),
  tile('Cache: hit rate', 'Share of the values asked for that were there.', {
    queries: [{ expr: share(sum(hits), add(sum(hits), sum(misses))) }],
    unit: 'ratio',
    limits: { warning: config.thresholds.cacheHitRatio, below: true },
    alert: 'LowCacheHitRate',
  }),
  tile('Jobs: failed', 'Share of the jobs that ended which will not be tried again.', {
    queries: [{ expr: share(sum(failedJobs), sum(ended)) }],
    unit: 'ratio',
    limits: { critical: config.thresholds.jobFailureRatio },
    alert: 'HighJobFailureRate',
  }),
  alertsFiring,
];

const lower = (config: MonitoringConfig): Panel[] => [
  tile('Us: instances running', 'Processes that send metrics.', {
    queries: [{ expr: count(shown('process_start_time_seconds')) }],
    unit: 'count',
    limits: { critical: 1, below: true },
    alert: 'BackendMissing',
  }),
  tile('Us: event loop lag', 'The worst instance; 99th percentile.', {
    queries: [{ expr: max(shown('nodejs_eventloop_lag_p99_seconds')) }],
    unit: 's',
    limits: { warning: config.thresholds.eventLoopLagSeconds },
    alert: 'HighEventLoopLag',
  }),
  tile('Database: callers waiting', 'For a connection of a pool.', {
    queries: [{ expr: sum(shown('database_pool_connections', { state: 'waiting' })) }],
    unit: 'count',
    limits: { critical: config.thresholds.poolWaiting },
    alert: 'DatabasePoolExhausted',
  }),
  tile('Database: slow queries', 'Over 100 ms (or SLOW_QUERY_MS), a second.', {
    queries: [{ expr: orZero(sum(rate(shown('slow_queries_total'), RATE)), sum(queries)) }],
    unit: 'ops/s',
    limits: { warning: config.thresholds.slowQueriesPerSecond },
    alert: 'HighSlowQueryRate',
  }),
  tile('Jobs: waiting', 'That could be worked on now.', {
    queries: [{ expr: sum(waiting) }],
    unit: 'count',
    limits: { warning: config.thresholds.queueDepth },
    alert: 'JobQueueBacklog',
  }),
  budgetLeft(config),
];

const overTime = (config: MonitoringConfig): Panel[] => [
  {
    title: 'Where the time goes',
    description: 'Milliseconds a second spent in requests, and of it (and by jobs) in queries. Both rise together: the database. Requests alone: us.',
    kind: 'graph',
    queries: [
      { expr: sum(rate(shown('http_request_duration_ms_sum'), RATE)), legend: 'requests' },
      { expr: sum(rate(shown('database_query_duration_ms_sum'), RATE)), legend: 'queries' },
    ],
    unit: 'ms/s',
  },
  {
    title: 'Load',
    description: 'Whether there is more to do than usual.',
    kind: 'graph',
    queries: [
      { expr: sum(requests), legend: 'requests' },
      { expr: sum(queries), legend: 'queries' },
      { expr: add(sum(hits), sum(misses)), legend: 'cached reads' },
      { expr: sum(ended), legend: 'jobs' },
    ],
    unit: 'ops/s',
  },
  {
    title: 'Answers by status',
    description: 'The code that was sent; 499 is a client that left first.',
    kind: 'graph',
    queries: [{ expr: sum(requests, 'status'), legend: '{{status}}' }],
    unit: 'req/s',
    stacked: true,
    alert: 'HighErrorRate',
  },
  {
    title: 'Targets that cannot be scraped',
    description: 'Of every job. Pushed metrics have no target.',
    kind: 'graph',
    queries: [
      { expr: down(config.jobs), legend: 'app' },
      { expr: down(config.otherJobs), legend: 'monitoring' },
    ],
    unit: 'count',
    limits: { critical: 1 },
    alert: 'TargetDown',
  },
];
