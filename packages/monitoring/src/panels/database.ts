// The database dashboard.

import type { MonitoringConfig } from '../config';
import { divide, metric, rate, sum, topk, above } from '../promql/build';
import { orZero, share, steady } from './expressions';
import { RATE, shown, type Board, type Panel } from './panel';

const buckets = rate(shown('database_query_duration_ms_bucket'), RATE);
const queries = rate(shown('database_query_duration_ms_count'), RATE);
const spent = rate(shown('database_query_duration_ms_sum'), RATE);
const slow = rate(shown('slow_queries_total'), RATE);
const connections = shown('database_pool_connections');

export function databaseBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-database',
    title: 'Database',
    description: 'How long queries take, which tables cost the time, and whether callers wait for a connection.',
    rows: [
      { title: 'Now', panels: now(config) },
      { title: 'Queries', panels: queryPanels },
      { title: 'Connections', panels: pools(config) },
      { title: 'Legacy panels', panels: legacy },
    ],
  };
}

const now = ({ thresholds }: MonitoringConfig): Panel[] => [
  { title: 'Queries', description: 'Query calls a second.', kind: 'tile', queries: [{ expr: sum(queries) }], unit: 'ops/s' },
  {
    title: '95th percentile of a query',
    description: 'Nineteen of twenty queries took no longer.',
    kind: 'tile',
    queries: [{ expr: steady(0.95, sum(buckets, 'le')) }],
    unit: 'ms',
    limits: { warning: 100, critical: 500 },
  },
  {
    title: 'Slow queries',
    description: 'Queries over 100 ms (or SLOW_QUERY_MS) a second, over all instances.',
    kind: 'tile',
    queries: [{ expr: orZero(sum(slow), sum(queries)) }],
    unit: 'ops/s',
    limits: { warning: thresholds.slowQueriesPerSecond },
    alert: 'HighSlowQueryRate',
  },
  {
    title: 'Callers waiting',
    description: 'For a connection of a pool, now. More than none for long means that the pool is too small or that queries hold it too long.',
    kind: 'tile',
    queries: [{ expr: sum(shown('database_pool_connections', { state: 'waiting' })) }],
    unit: 'count',
    limits: { critical: thresholds.poolWaiting },
    alert: 'DatabasePoolExhausted',
  },
];

const queryPanels: Panel[] = [
  {
    title: '95th percentile by table',
    description: 'In milliseconds, where the legacy panel Query Duration draws how many queries a second fall under each bucket.',
    kind: 'graph',
    queries: [{ expr: steady(0.95, sum(buckets, 'query_type', 'table', 'le')), legend: '{{query_type}} {{table}}' }],
    unit: 'ms',
  },
  {
    title: 'Mean time by table',
    description: 'The whole time divided by the number of queries.',
    kind: 'graph',
    queries: [{ expr: divide(sum(spent, 'query_type', 'table'), above(sum(queries, 'query_type', 'table'), 0)), legend: '{{query_type}} {{table}}' }],
    unit: 'ms',
  },
  {
    title: 'Queries by table',
    description: 'Query calls a second.',
    kind: 'graph',
    queries: [{ expr: sum(queries, 'query_type', 'table'), legend: '{{query_type}} {{table}}' }],
    unit: 'ops/s',
    stacked: true,
  },
  {
    title: 'The five tables that cost the most time',
    description: 'Milliseconds of query time a second. An index or a cache helps most here.',
    kind: 'table',
    queries: [{ expr: topk(5, sum(spent, 'query_type', 'table')) }],
    unit: 'ms/s',
  },
  {
    title: 'Share of slow queries by table',
    description: 'Of the queries of that type on that table.',
    kind: 'graph',
    queries: [{ expr: share(sum(slow, 'query_type', 'table'), sum(queries, 'query_type', 'table')), legend: '{{query_type}} {{table}}' }],
    unit: 'ratio',
    alert: 'HighSlowQueryRate',
  },
];

const pools = ({ thresholds }: MonitoringConfig): Panel[] => [
  {
    title: 'Connections by state',
    description: 'Used, idle, and callers that wait for one, over all instances.',
    kind: 'graph',
    queries: [{ expr: sum(connections, 'pool', 'state'), legend: '{{pool}} {{state}}' }],
    unit: 'count',
    alert: 'DatabasePoolExhausted',
  },
  {
    title: 'Callers waiting by instance',
    description: 'One instance may starve while others idle.',
    kind: 'graph',
    queries: [{ expr: shown('database_pool_connections', { state: 'waiting' }), legend: '{{instance}} {{pool}}' }],
    unit: 'count',
    limits: { critical: thresholds.poolWaiting },
    alert: 'DatabasePoolExhausted',
  },
];

const legacy: Panel[] = [
  {
    title: 'Query Duration',
    description: 'Legacy query, whatever is chosen above: queries a second up to each bucket. For durations see the panels above.',
    kind: 'graph',
    queries: [{ expr: rate(metric('database_query_duration_ms_bucket'), '5m'), legend: '{{query_type}} {{table}}' }],
    unit: 'ops/s',
  },
  {
    title: 'Slow Queries (>100ms)',
    description: 'Legacy query, whatever is chosen above.',
    kind: 'graph',
    queries: [{ expr: rate(metric('slow_queries_total'), '5m'), legend: '{{query_type}} {{table}}' }],
    unit: 'ops/s',
    alert: 'HighSlowQueryRate',
  },
];
