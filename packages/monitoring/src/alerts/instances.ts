// Alerts on the instances of the app and on their waits: presence, event loop, connection pools, queues.

import { duration, HOUR, MINUTE, type MonitoringConfig } from '../config';
import { above, absentOverTime, avgOverTime, count, equal, max, maxOverTime, metric, or, sum, unless, type Vector } from '../promql/build';
import type { Alert } from './alert';

const INSTANCE = '{{ $labels.job }} on {{ $labels.instance }}';

export function instanceAlerts(config: MonitoringConfig) {
  const { jobs, otherJobs, thresholds } = config;
  return {
    TargetDown: {
      expr: equal(metric('up', { job: new RegExp(`${jobs.source}|${otherJobs.source}`) }), 0),
      forSeconds: 2 * MINUTE,
      severity: 'critical',
      summary: 'A target cannot be scraped',
      description: `Prometheus gets no metrics from ${INSTANCE}.`,
    },
    BackendMissing: {
      expr: missing(config),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'The backend is not there',
      description: 'No instance of {{ with $labels.job }}{{ . }}{{ else }}the backend{{ end }} sends metrics, and there is no target to scrape.',
    },
    HighEventLoopLag: {
      expr: above(metric('nodejs_eventloop_lag_p99_seconds', { job: jobs }), thresholds.eventLoopLagSeconds),
      forSeconds: 5 * MINUTE,
      severity: 'warning',
      summary: 'The event loop is blocked',
      description: `99th percentile of the event loop's delay is {{ $value | humanizeDuration }} for ${INSTANCE}.`,
    },
    DatabasePoolExhausted: {
      expr: above(waitingCallers(config), thresholds.poolWaiting),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'Callers wait for a database connection',
      description: `{{ $value | humanize }} callers on average wait for a connection of pool {{ $labels.pool }}, ${INSTANCE}.`,
    },
    JobQueueBacklog: {
      expr: above(waitingJobs(config), thresholds.queueDepth),
      forSeconds: 10 * MINUTE,
      severity: 'warning',
      summary: 'Jobs pile up',
      description: '{{ printf "%.0f" $value }} jobs wait in queue {{ $labels.queue }} of {{ $labels.job }}.',
    },
  } as const satisfies Record<string, Alert>;
}

/**
 * For pushed metrics, which have no `up`. A process tells its start time whether or not there is work, so that an idle app is not missing.
 * Either Prometheus saw the app within the hour and the app is gone, or Prometheus never saw the app.
 */
function missing(config: MonitoringConfig): Vector<'job'> {
  const started = metric('process_start_time_seconds', { job: config.jobs });
  const gone = unless(count(maxOverTime(started, duration(HOUR, config)), 'job'), count(started, 'job'));
  const targets = metric('up', { job: config.jobs });
  const never = unless(absentOverTime(started, duration(HOUR, config)), targets, { on: [] });
  return or(unless(gone, targets, { on: ['job'] }), never) as Vector<'job'>;
}

function waitingCallers(config: MonitoringConfig): Vector<'job' | 'instance' | 'pool'> {
  const waiting = metric('database_pool_connections', { job: config.jobs, state: 'waiting' });
  return sum(avgOverTime(waiting, duration(5 * MINUTE, config)), 'job', 'instance', 'pool');
}

/** Every instance sees the same queue. */
function waitingJobs({ jobs }: MonitoringConfig): Vector<'job' | 'queue'> {
  return max(sum(metric('job_queue_depth', { job: jobs, state: /waiting|prioritized/ }), 'job', 'instance', 'queue'), 'job', 'queue');
}
