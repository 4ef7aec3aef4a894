// The jobs dashboard.

import type { MonitoringConfig } from '../config';
import { max, metric, quantile, rate, sum } from '../promql/build';
import { orZero, share, steady } from './expressions';
import { RATE, shown, type Board, type Panel } from './panel';

const ended = rate(shown('jobs_executed_total'), RATE);
const failed = rate(shown('jobs_executed_total', { status: 'failed' }), RATE);
const buckets = rate(shown('job_duration_ms_bucket'), RATE);
const busy = rate(shown('job_duration_ms_sum'), RATE);
// Every instance sees the same queues.
const depth = max(shown('job_queue_depth'), 'queue', 'state');
const waiting = max(sum(shown('job_queue_depth', { state: /waiting|prioritized/ }), 'queue', 'instance'), 'queue');

export function jobsBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-jobs',
    title: 'Jobs',
    description: 'Whether background work gets done, how long it takes, and how much of it waits.',
    rows: [
      { title: 'Now', panels: now(config) },
      { title: 'Jobs', panels: jobPanels(config) },
      { title: 'Legacy panels', panels: legacy },
    ],
  };
}

const now = ({ thresholds }: MonitoringConfig): Panel[] => [
  { title: 'Jobs ended', description: 'Completed or failed for good, a second.', kind: 'tile', queries: [{ expr: sum(ended) }], unit: 'ops/s' },
  {
    title: 'Failed',
    description: 'Share of the jobs that ended which will not be tried again.',
    kind: 'tile',
    queries: [{ expr: share(sum(failed), sum(ended)) }],
    unit: 'ratio',
    limits: { critical: thresholds.jobFailureRatio },
    alert: 'HighJobFailureRate',
  },
  {
    title: 'Waiting',
    description: 'Jobs that could be worked on now.',
    kind: 'tile',
    queries: [{ expr: sum(waiting) }],
    unit: 'count',
    limits: { warning: thresholds.queueDepth },
    alert: 'JobQueueBacklog',
  },
  {
    title: 'Workers busy',
    description: 'Jobs worked on at the same time, on average: the time spent in attempts a second.',
    kind: 'tile',
    queries: [{ expr: sum(busy) }],
    unit: 'ms/s',
  },
];

const jobPanels = ({ thresholds }: MonitoringConfig): Panel[] => [
  {
    title: 'Jobs by type',
    description: 'Ended a second, over all instances.',
    kind: 'graph',
    queries: [{ expr: sum(ended, 'job_type', 'status'), legend: '{{job_type}} {{status}}' }],
    unit: 'ops/s',
    stacked: true,
  },
  {
    title: 'Failed by type',
    description: 'Share of the jobs of a type that will not be tried again.',
    kind: 'graph',
    queries: [{ expr: share(sum(failed, 'job_type'), sum(ended, 'job_type')), legend: '{{job_type}}' }],
    unit: 'ratio',
    limits: { critical: thresholds.jobFailureRatio },
    alert: 'HighJobFailureRate',
  },
  {
    title: '95th percentile by type',
    description: "Each attempt's time, over all instances.",
    kind: 'graph',
    queries: [{ expr: steady(0.95, sum(buckets, 'job_type', 'le')), legend: '{{job_type}}' }],
    unit: 'ms',
  },
  {
    title: 'Queues',
    description: 'Jobs by queue and state. Growing `waiting`: too few workers, or none. Growing `failed`: look into the jobs.',
    kind: 'graph',
    queries: [{ expr: depth, legend: '{{queue}} {{state}}' }],
    unit: 'count',
    alert: 'JobQueueBacklog',
  },
  {
    title: 'Failures by type',
    description: 'Jobs that failed for good, a second.',
    kind: 'graph',
    queries: [{ expr: orZero(sum(failed, 'job_type'), sum(ended, 'job_type')), legend: '{{job_type}}' }],
    unit: 'ops/s',
    alert: 'HighJobFailureRate',
  },
];

const legacy: Panel[] = [
  {
    title: 'Job Execution Rate',
    description: 'Legacy query, whatever is chosen above.',
    kind: 'graph',
    queries: [{ expr: rate(metric('jobs_executed_total'), '5m'), legend: '{{job_type}} {{status}}' }],
    unit: 'ops/s',
  },
  {
    title: 'Job Duration',
    description: 'Legacy query, whatever is chosen above: one line for each instance. A gap is a type that did not run.',
    kind: 'graph',
    queries: [{ expr: quantile(0.95, rate(metric('job_duration_ms_bucket'), '5m')), legend: '{{job_type}}' }],
    unit: 'ms',
  },
];
