// The recording rules: the expressions that dashboards and alerts share. Names and labels are in promql/records.ts.

import type { MonitoringConfig } from '../config';
import { above, add, and, divide, except, max, metric, multiply, not, or, quantile, sum, type Vector } from '../promql/build';
import type { records, RecordName } from '../promql/records';
import { budget } from './budget';
import { appWatched, growth, WINDOW } from './growth';

/** An expression for each record, with just the labels that the record's name promises. */
export type RecordingRules = { readonly [R in RecordName]: Vector<(typeof records)[R][number]> };

/** Every record's expression, in the order of evaluation: each may use the records before. */
export function recordingRules(config: MonitoringConfig): RecordingRules {
  const watched = appWatched(config);
  return {
    'job_instance:process:watched': watched,
    ...requests(config),
    ...latency(config),
    ...queries(config),
    ...cache(config),
    ...jobs(config),
    ...budget(config),
  };
}

/**
 * Requests that say something about the app: without probes, without requests whose client left (499), and without scanners' inventions (a 4xx
 * without a route). A 5xx without a route counts: an app that fails in its middleware, before any route, gives no other answer.
 */
function requests(config: MonitoringConfig) {
  const asked = { job: config.jobs, endpoint: except(config.probeEndpoints) };
  const routed = metric('http_requests_total', { ...asked, endpoint: except(['unmatched', ...config.probeEndpoints]), status: not('499') });
  const unrouted = metric('http_requests_total', { ...asked, endpoint: 'unmatched', status: not(/4../) });
  const failed = growth(metric('http_requests_total', { ...asked, status: /5../ }), config);
  const abandoned = growth(metric('http_requests_total', { ...asked, status: '499' }), config);
  // An instance without a count has 0: an app that hangs from its first request on has nothing but 499s.
  const none = multiply(max(metric('process_start_time_seconds', { job: config.jobs }), 'job', 'instance'), 0);
  return {
    'job_instance:http_requests:increase5m': or(sum(or(growth(routed, config), growth(unrouted, config)), 'job', 'instance'), none),
    'job_instance:http_requests_failed:increase5m': or(sum(failed, 'job', 'instance'), none),
    'job_instance:http_requests_abandoned:increase5m': sum(abandoned, 'job', 'instance'),
    'job:http_requests:increase5m': sum(metric('job_instance:http_requests:increase5m'), 'job'),
    'job:http_requests_failed:increase5m': sum(metric('job_instance:http_requests_failed:increase5m'), 'job'),
  } satisfies Partial<RecordingRules>;
}

/** Only where there were requests enough to speak of a percentile. */
function latency(config: MonitoringConfig) {
  const answered = { job: config.jobs, endpoint: except([...config.probeEndpoints, ...config.slowEndpoints]) };
  const buckets = growth(metric('http_request_duration_ms_bucket', answered), config);
  const counts = growth(metric('http_request_duration_ms_count', answered), config);
  const enough = <L extends string>(p95: Vector<L>, all: Vector<L>) => and(p95, above(all, config.floors.requests));
  return {
    'job_endpoint:http_request_duration_ms:p95_5m': enough(quantile(0.95, sum(buckets, 'job', 'endpoint', 'le')), sum(counts, 'job', 'endpoint')),
    'job_instance:http_request_duration_ms:p95_5m': enough(quantile(0.95, sum(buckets, 'job', 'instance', 'le')), sum(counts, 'job', 'instance')),
  } satisfies Partial<RecordingRules>;
}

function queries(config: MonitoringConfig) {
  const slow = growth(metric('slow_queries_total', { job: config.jobs }), config);
  return { 'job:slow_queries:rate5m': divide(sum(slow, 'job'), WINDOW / config.timeScale) } satisfies Partial<RecordingRules>;
}

function cache(config: MonitoringConfig) {
  const types = { job: config.jobs, cache_type: except(config.missingCacheTypes) };
  const hits = sum(growth(metric('cache_hits_total', types), config), 'job', 'instance');
  const misses = sum(growth(metric('cache_misses_total', types), config), 'job', 'instance');
  const [allHits, allReads] = [metric('job_instance:cache_hits:increase5m'), metric('job_instance:cache_reads:increase5m')];
  const enough = config.floors.cacheReads;
  return {
    'job_instance:cache_hits:increase5m': hits,
    'job_instance:cache_reads:increase5m': add(hits, misses),
    'job:cache_hits:ratio5m': divide(sum(allHits, 'job'), above(sum(allReads, 'job'), enough)),
    'job_instance:cache_hits:ratio5m': divide(allHits, above(allReads, enough)),
  } satisfies Partial<RecordingRules>;
}

function jobs(config: MonitoringConfig) {
  const ended = growth(metric('jobs_executed_total', { job: config.jobs }), config);
  const failed = growth(metric('jobs_executed_total', { job: config.jobs, status: 'failed' }), config);
  return {
    'job_instance_type:jobs_executed:increase5m': sum(ended, 'job', 'instance', 'job_type'),
    'job_instance_type:jobs_failed:increase5m': sum(failed, 'job', 'instance', 'job_type'),
  } satisfies Partial<RecordingRules>;
}
