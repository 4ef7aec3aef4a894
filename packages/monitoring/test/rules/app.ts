// What an instance of the app exposes in the rule tests: whole and healthy unless told otherwise, so that each alert is tried in full traffic.

import type { Instance, Varying, World, Life } from './world';
import { at } from './world';

export interface Condition {
  /** Requests a minute that meet a route. */
  load?: Varying;
  /** Share of them that fail with a 500. */
  failing?: Varying;
  /** Share of them whose client leaves first. */
  hanging?: Varying;
  /** All of them fail before any route. */
  outage?: (minute: number) => boolean;
  /** Share of them that take two seconds instead of 50 ms. */
  slow?: Varying;
  slowQueries?: Varying;
  hitRate?: Varying;
  /** Jobs a minute of the type that may fail. */
  jobs?: number;
  jobFailures?: Varying;
  lag?: Varying;
  waiting?: Varying;
  queue?: Varying;
  series?: Varying;
}

export const JOB = 'earntrack-backend';

/** Adds an instance of the app. */
export function app(world: World, name: string, condition: Condition = {}, life: Life = {}): Instance {
  const instance = world.instance(name, JOB, life);
  const out = condition.outage ?? (() => false);
  const load = (minute: number) => at(condition.load ?? 360, minute);
  const served = (minute: number) => (out(minute) ? 0 : load(minute));
  instance.gauge('process_start_time_seconds', {}, (minute) => instance.startedAt(minute) * 60);
  requests(instance, condition, load, served, out);
  durations(instance, condition, served);
  dependencies(instance, condition, served);
  jobs(instance, condition, served);
  gauges(instance, condition);
  return instance;
}

type Load = (minute: number) => number;

function requests(instance: Instance, condition: Condition, load: Load, served: Load, out: (minute: number) => boolean): void {
  const failing = (minute: number) => at(condition.failing ?? 0.0001, minute);
  const hanging = (minute: number) => at(condition.hanging ?? 0.001, minute);
  const count = (method: string, status: string, endpoint: string, rate: Varying) =>
    instance.counter('http_requests_total', { method, status, endpoint }, rate, { fromFirst: true });
  count('GET', '200', '/users/:id', (minute) => served(minute) * Math.max(0, 1 - failing(minute) - hanging(minute)));
  count('POST', '500', '/earnings', (minute) => served(minute) * failing(minute));
  count('GET', '499', '/users/:id', (minute) => served(minute) * hanging(minute));
  count('GET', '500', 'unmatched', (minute) => (out(minute) ? load(minute) : 0));
  // Scanners and probes, three times the real traffic: they must change no ratio.
  count('GET', '404', 'unmatched', (minute) => load(minute) * 2);
  count('GET', '200', '/health', (minute) => load(minute));
}

function durations(instance: Instance, condition: Condition, served: Load): void {
  const slow = (minute: number) => served(minute) * at(condition.slow ?? 0.001, minute);
  const labels = { method: 'GET', endpoint: '/users/:id' };
  const buckets = [
    ['100', (minute: number) => served(minute) - slow(minute)],
    ['1000', (minute: number) => served(minute) - slow(minute)],
    ['2500', served],
    ['+Inf', served],
  ] as const;
  for (const [le, rate] of buckets) instance.counter('http_request_duration_ms_bucket', { ...labels, le }, rate);
  instance.counter('http_request_duration_ms_count', labels, served);
}

function dependencies(instance: Instance, condition: Condition, served: Load): void {
  const busy = (minute: number) => (served(minute) > 0 ? 1 : 0);
  const hitRate = (minute: number) => at(condition.hitRate ?? 0.9, minute);
  instance.counter(
    'slow_queries_total',
    { query_type: 'select', table: 'earnings' },
    (minute) => at(condition.slowQueries ?? 6, minute) * busy(minute),
  );
  instance.counter('cache_hits_total', { cache_type: 'user' }, (minute) => 240 * hitRate(minute) * busy(minute));
  instance.counter('cache_misses_total', { cache_type: 'user' }, (minute) => 240 * (1 - hitRate(minute)) * busy(minute));
  instance.counter('cache_misses_total', { cache_type: 'lock' }, (minute) => 2400 * busy(minute));
}

function jobs(instance: Instance, condition: Condition, served: Load): void {
  const busy = (minute: number) => (served(minute) > 0 ? 1 : 0);
  const failures = (minute: number) => at(condition.jobFailures ?? 0.02, minute);
  const { jobs: all = 30 } = condition;
  const end = (job_type: string, status: string, rate: Varying) => instance.counter('jobs_executed_total', { job_type, status }, rate);
  end('import-earnings', 'completed', (minute) => all * (1 - failures(minute)) * busy(minute));
  end('import-earnings', 'failed', (minute) => all * failures(minute) * busy(minute));
  end('report', 'completed', (minute) => 6 * busy(minute));
  end('report', 'failed', 0);
}

function gauges(instance: Instance, { lag = 0.012, waiting = 0, queue = 5, series = 900 }: Condition): void {
  instance.gauge('nodejs_eventloop_lag_p99_seconds', {}, lag);
  instance.gauge('database_pool_connections', { pool: 'earntrack', state: 'used' }, 3);
  instance.gauge('database_pool_connections', { pool: 'earntrack', state: 'waiting' }, waiting);
  instance.gauge('job_queue_depth', { queue: 'imports', state: 'waiting' }, queue);
  instance.gauge('job_queue_depth', { queue: 'imports', state: 'failed' }, 5000);
  instance.gauge('otel_preload_series', { metric: 'http_requests_total' }, series);
  instance.gauge('otel_preload_series', { metric: 'http_request_duration_ms' }, 300);
}

export interface Around {
  /** Points a minute that the collector could not send. */
  readonly lost?: Varying;
  /** Points a minute that it hands on; while there are none, they wait in its queue. */
  readonly delivered?: Varying;
  /** Bytes that Prometheus keeps, of 10 GB. */
  readonly stored?: Varying;
}

/** Adds Prometheus itself and the collector. */
export function surroundings(world: World, { lost = 0, delivered = 100, stored = 3e9 }: Around = {}, life: Life = {}): void {
  const prometheus = world.instance('localhost:9090', 'prometheus', life);
  prometheus.gauge('prometheus_tsdb_storage_blocks_bytes', {}, (minute) => at(stored, minute) - 2e8);
  prometheus.gauge('prometheus_tsdb_wal_storage_size_bytes', {}, 1.5e8);
  prometheus.gauge('prometheus_tsdb_head_chunks_storage_size_bytes', {}, 5e7);
  prometheus.gauge('prometheus_tsdb_retention_limit_bytes', {}, 1e10);
  const collector = world.instance('otel-collector:8888', 'otel-collector', life);
  const queue = { exporter: 'otlp_http/queue' };
  collector.counter('otelcol_exporter_send_failed_metric_points', queue, lost);
  collector.counter('otelcol_exporter_sent_metric_points', queue, delivered);
  // Attempts, of which some fail at any time.
  collector.counter('otelcol_exporter_send_failed_metric_points', { exporter: 'prometheus_remote_write' }, 7);
  collector.gauge('otelcol_exporter_queue_size', queue, (minute) => (at(delivered, minute) > 0 ? 40 * (minute % 2) : 4000));
}
