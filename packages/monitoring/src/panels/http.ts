// The HTTP dashboard.

import type { MonitoringConfig } from '../config';
import { metric, quantile, rate, sum, topk } from '../promql/build';
import { share, steady } from './expressions';
import { ENDPOINT, RATE, shown, type Board, type Panel } from './panel';
import { budgetLeft, burnRate, errorShare } from './shared';

const requests = rate(shown('http_requests_total', ENDPOINT), RATE);
const failed = rate(shown('http_requests_total', { ...ENDPOINT, status: /5../ }), RATE);
const abandoned = rate(shown('http_requests_total', { ...ENDPOINT, status: '499' }), RATE);
const buckets = rate(shown('http_request_duration_ms_bucket', ENDPOINT), RATE);
const spent = rate(shown('http_request_duration_ms_sum', ENDPOINT), RATE);

export function httpBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-http',
    title: 'HTTP',
    description: 'What users ask for, how long they wait, and how often they are failed.',
    byEndpoint: true,
    rows: [
      { title: 'Now', panels: now(config) },
      { title: 'Endpoints', panels: endpoints(config) },
      { title: 'Other services that the app calls', panels: calls },
      { title: 'Legacy panels', panels: legacy },
    ],
  };
}

const now = (config: MonitoringConfig): Panel[] => [
  { title: 'Requests', description: 'All requests, a second.', kind: 'tile', queries: [{ expr: sum(requests) }], unit: 'req/s' },
  errorShare(config),
  {
    title: 'Clients that left',
    description: 'Share of requests whose client left before the answer (499). An API that hangs shows only here.',
    kind: 'tile',
    queries: [{ expr: share(sum(abandoned), sum(requests)) }],
    unit: 'ratio',
    limits: { critical: config.thresholds.abandonedRatio },
    alert: 'ClientsGivingUp',
  },
  {
    title: '95th percentile',
    description: 'Nineteen of twenty requests took no longer.',
    kind: 'tile',
    queries: [{ expr: steady(0.95, sum(buckets, 'le')) }],
    unit: 'ms',
    limits: { warning: config.thresholds.latencyP95Ms },
    alert: 'HighLatency',
  },
  budgetLeft(config),
  {
    title: 'Scanners and typos',
    description: 'Share of all requests that met no route (`unmatched`) and got a 4xx. They count in no alert.',
    kind: 'tile',
    queries: [{ expr: share(sum(rate(shown('http_requests_total', { endpoint: 'unmatched', status: /4../ }), RATE)), sum(requests)) }],
    unit: 'ratio',
  },
];

const endpoints = (config: MonitoringConfig): Panel[] => [
  {
    title: 'Requests by endpoint',
    description: 'Over all methods, statuses and instances.',
    kind: 'graph',
    queries: [{ expr: sum(requests, 'endpoint'), legend: '{{endpoint}}' }],
    unit: 'req/s',
    stacked: true,
  },
  {
    title: 'Answers by status',
    description: 'The code that was sent; 499 is a client that left first.',
    kind: 'graph',
    queries: [{ expr: sum(requests, 'status'), legend: '{{status}}' }],
    unit: 'req/s',
    stacked: true,
  },
  {
    title: 'Time of a request',
    description: 'Half, nineteen of twenty, and 99 of a hundred requests took no longer.',
    kind: 'graph',
    queries: [0.5, 0.95, 0.99].map((q) => ({ expr: steady(q, sum(buckets, 'le')), legend: `p${q * 100}` })),
    unit: 'ms',
    limits: { warning: config.thresholds.latencyP95Ms },
    alert: 'HighLatency',
  },
  {
    title: '95th percentile by endpoint',
    description: "All instances' buckets are summed first; the legacy query gives one line for each instance and method.",
    kind: 'graph',
    queries: [{ expr: steady(0.95, sum(buckets, 'endpoint', 'le')), legend: '{{endpoint}}' }],
    unit: 'ms',
    limits: { warning: config.thresholds.latencyP95Ms },
    alert: 'HighLatency',
  },
  {
    title: 'The five endpoints that cost the most time',
    description: 'Milliseconds spent in them a second: requests times their length. Making these faster helps most.',
    kind: 'table',
    queries: [{ expr: topk(5, sum(spent, 'method', 'endpoint')) }],
    unit: 'ms/s',
  },
  {
    title: 'Errors by endpoint',
    description: "Share of an endpoint's requests that were answered with a 5xx.",
    kind: 'graph',
    queries: [{ expr: share(sum(failed, 'endpoint'), sum(requests, 'endpoint')), legend: '{{endpoint}}' }],
    unit: 'ratio',
    limits: { critical: config.thresholds.errorRatio },
    alert: 'HighErrorRate',
  },
  burnRate(config),
  {
    title: 'Requests by instance',
    description: 'Whether the load is shared out evenly.',
    kind: 'graph',
    queries: [{ expr: sum(requests, 'instance'), legend: '{{instance}}' }],
    unit: 'req/s',
  },
];

const called = shown('http_client_request_duration_ms_count');

const calls: Panel[] = [
  {
    title: 'Calls by host',
    description: 'Requests over node:http to other services.',
    kind: 'graph',
    queries: [{ expr: sum(rate(called, RATE), 'host', 'status'), legend: '{{host}} {{status}}' }],
    unit: 'req/s',
  },
  {
    title: '95th percentile by host',
    description: 'How long the app waits for others.',
    kind: 'graph',
    queries: [{ expr: steady(0.95, sum(rate(shown('http_client_request_duration_ms_bucket'), RATE), 'host', 'le')), legend: '{{host}}' }],
    unit: 'ms',
  },
];

const legacy: Panel[] = [
  {
    title: 'Request Rate',
    description: 'Legacy query: each series by itself, whatever is chosen above.',
    kind: 'graph',
    queries: [{ expr: rate(metric('http_requests_total'), '5m'), legend: '{{method}} {{status}} {{endpoint}}' }],
    unit: 'req/s',
  },
  {
    title: 'Response Time (95th percentile)',
    description: 'Legacy query: one line for each instance and method, whatever is chosen above. A gap is an endpoint without traffic.',
    kind: 'graph',
    queries: [{ expr: quantile(0.95, rate(metric('http_request_duration_ms_bucket'), '5m')), legend: '{{method}} {{endpoint}}' }],
    unit: 'ms',
  },
];
