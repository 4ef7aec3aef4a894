import type { Metric } from './types';

export const jobs = {
  jobs_executed_total: {
    kind: 'counter',
    family: 'jobs',
    help: 'Jobs that ended, by job type and status; failed only when no further attempt follows.',
    labels: ['job_type', 'status'],
    source: { from: 'instrument' },
  },
  job_duration_ms: {
    kind: 'histogram',
    family: 'jobs',
    help: 'Time that each attempt at a job took, in milliseconds.',
    labels: ['job_type'],
    boundaries: [100, 500, 1000, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000],
    source: { from: 'instrument' },
  },
  job_queue_depth: {
    kind: 'gauge',
    family: 'jobs',
    help: 'Jobs in a queue by state: waiting, active, delayed, prioritized, failed.',
    labels: ['queue', 'state'],
    merge: 'max',
    source: { from: 'observation' },
  },
} as const satisfies Record<string, Metric>;
