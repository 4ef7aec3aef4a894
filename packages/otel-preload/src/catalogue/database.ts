import type { Metric } from './types';

export const database = {
  database_query_duration_ms: {
    kind: 'histogram',
    family: 'database',
    help: 'Time from a query call until its result or error, in milliseconds, by statement type and main table.',
    labels: ['query_type', 'table'],
    boundaries: [1, 5, 10, 50, 100, 500, 1000, 5000, 10000],
    source: { from: 'stream', instrument: 'db.client.operation.duration', take: 'durations' },
  },
  slow_queries_total: {
    kind: 'counter',
    family: 'database',
    help: 'Queries that took longer than SLOW_QUERY_MS (100 ms), by statement type and main table.',
    labels: ['query_type', 'table'],
    source: { from: 'stream', instrument: 'db.client.operation.duration', take: 'slow' },
  },
  database_pool_connections: {
    kind: 'gauge',
    family: 'database',
    help: 'Connections of a pool by state: used, idle, and callers waiting for one.',
    labels: ['pool', 'state'],
    merge: 'sum',
    source: { from: 'observation' },
  },
} as const satisfies Record<string, Metric>;
