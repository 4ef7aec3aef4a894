// The four alerts of docs/guide.md by name, severity and duration, made right. What was wrong with each is said where it is mended.

import { duration, MINUTE, type MonitoringConfig } from '../config';
import { above, and, atLeast, atMost, below, count, divide, except, metric, offset, or, rate, subtract, sum, type Vector } from '../promql/build';
import type { TargetLabel } from '../promql/series';
import { WINDOW } from '../rules/growth';
import { JOB, jobOrInstance, WHERE, type Alert } from './alert';

export function legacyAlerts(config: MonitoringConfig) {
  const window = duration(WINDOW, config);
  return {
    HighErrorRate: {
      // The ratio of docs/guide.md is thinned by scanners' 404s and by probes, is NaN without traffic, and hides one sick instance in the sum.
      expr: jobOrInstance((...by) => highErrorRate(config, by), config),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'High error rate detected',
      description: `Error rate is {{ $value | humanizePercentage }} for ${WHERE}, over the last five minutes.`,
      worst: sum(rate(metric('http_requests_total', { job: JOB, status: /5../ }), window), 'endpoint'),
    },
    HighSlowQueryRate: {
      // Per series, as docs/guide.md has them, three instances with six slow queries a second each never reach ten.
      expr: above(metric('job:slow_queries:rate5m'), config.thresholds.slowQueriesPerSecond),
      forSeconds: 5 * MINUTE,
      severity: 'warning',
      summary: 'High slow query rate',
      description: '{{ $value | humanize }} slow queries per second for {{ $labels.job }}, over all instances.',
      worst: sum(rate(metric('slow_queries_total', { job: JOB }), window), 'query_type', 'table'),
    },
    LowCacheHitRate: {
      expr: jobOrInstance((...by) => lowHitRate(config, by), config),
      forSeconds: 10 * MINUTE,
      severity: 'warning',
      summary: 'Low cache hit rate',
      description: `Cache hit rate is {{ $value | humanizePercentage }} for ${WHERE}, and does not recover.`,
      worst: sum(rate(metric('cache_misses_total', { job: JOB, cache_type: except(config.missingCacheTypes) }), window), 'cache_type'),
    },
    HighJobFailureRate: {
      expr: highJobFailureRate(config),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'High job failure rate',
      description: `{{ $value | humanizePercentage }} of jobs failing for ${WHERE}{{ with $labels.job_type }}, job type {{ . }}{{ end }}.`,
      worst: sum(rate(metric('jobs_executed_total', { job: JOB, status: 'failed' }), window), 'job_type'),
    },
  } as const satisfies Record<string, Alert>;
}

function highErrorRate({ thresholds, floors }: MonitoringConfig, by: TargetLabel[]): Vector<TargetLabel> {
  const failed = sum(metric('job_instance:http_requests_failed:increase5m'), ...by);
  const all = sum(metric('job_instance:http_requests:increase5m'), ...by);
  const high = and(above(divide(failed, all), thresholds.errorRatio), above(all, floors.requests));
  return and(high, atLeast(failed, floors.failed));
}

/**
 * Low, and not on its way up: a cold cache is low for as long as it takes to warm. What was not there ten minutes ago is taken for cold.
 */
function lowHitRate(config: MonitoringConfig, by: TargetLabel[]): Vector<TargetLabel> {
  const ratio = metric(by.includes('instance') ? 'job_instance:cache_hits:ratio5m' : 'job:cache_hits:ratio5m');
  const risen = subtract(ratio, offset(ratio, duration(10 * MINUTE, config)));
  return and(below(ratio, config.thresholds.cacheHitRatio), atMost(risen, config.thresholds.cacheWarming));
}

/** Of all jobs, of one job type, or on one instance: each hides in the sum of the others. */
function highJobFailureRate(config: MonitoringConfig): Vector<'job' | 'instance' | 'job_type'> {
  const { thresholds, floors } = config;
  const [failed, ended] = [metric('job_instance_type:jobs_failed:increase5m'), metric('job_instance_type:jobs_executed:increase5m')];
  const high = (...by: ('job' | 'instance' | 'job_type')[]) => {
    const ratio = above(divide(sum(failed, ...by), sum(ended, ...by)), thresholds.jobFailureRatio);
    return and(and(ratio, atLeast(sum(ended, ...by), floors.jobs)), atLeast(sum(failed, ...by), floors.failed));
  };
  const types = above(count(sum(ended, 'job', 'job_type'), 'job'), 1);
  return or(jobOrInstance(high, config), and(high('job', 'job_type'), types, { on: ['job'] }));
}
