// The errors dashboard.

import type { MonitoringConfig } from '../config';
import { increase, rate, sum, topk, vector, or } from '../promql/build';
import { orZero } from './expressions';
import { ENDPOINT, RANGE, RATE, shown, type Board, type Panel } from './panel';
import { errorShare } from './shared';

const errors = shown('errors_total', ENDPOINT);
const errorRate = rate(errors, RATE);
const outside = rate(shown('errors_total', { endpoint: 'none' }), RATE);
const failed = rate(shown('http_requests_total', { ...ENDPOINT, status: /5../ }), RATE);
const requests = rate(shown('http_requests_total', ENDPOINT), RATE);

export function errorsBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-errors',
    title: 'Errors',
    description: 'Which errors there are, and where. A 4xx is no error.',
    byEndpoint: true,
    rows: [
      { title: 'Now', panels: now(config) },
      { title: 'Errors', panels: errorPanels },
    ],
  };
}

const now = (config: MonitoringConfig): Panel[] => [
  { ...errorShare(config), title: 'Failed requests' },
  {
    title: 'Errors a second',
    description: 'Errors that ended in a 5xx or came too late to be answered, and errors outside of requests.',
    kind: 'tile',
    queries: [{ expr: or(sum(errorRate), vector(0)) }],
    unit: 'events/s',
    alert: 'HighErrorRate',
  },
  {
    title: 'Outside of requests',
    description: 'Uncaught exceptions and unhandled rejections a second. Each may end the process.',
    kind: 'tile',
    queries: [{ expr: or(sum(outside), vector(0)) }],
    unit: 'events/s',
  },
];

const errorPanels: Panel[] = [
  {
    title: 'Errors by type',
    description: 'The class of what was thrown; HttpServerError is a 5xx that the app sent without one.',
    kind: 'graph',
    queries: [{ expr: sum(errorRate, 'error_type'), legend: '{{error_type}}' }],
    unit: 'events/s',
    stacked: true,
  },
  {
    title: 'Errors by endpoint',
    description: '`none` is outside of any request.',
    kind: 'graph',
    queries: [{ expr: sum(errorRate, 'endpoint'), legend: '{{endpoint}}' }],
    unit: 'events/s',
    stacked: true,
  },
  {
    title: 'The ten most frequent errors',
    description: 'Within the time range that is being looked at.',
    kind: 'table',
    queries: [{ expr: topk(10, sum(increase(errors, RANGE), 'error_type', 'endpoint')) }],
    unit: 'count',
  },
  {
    title: 'Requests answered with a 5xx',
    description: 'By endpoint, a second; 0 where there is only other traffic.',
    kind: 'graph',
    queries: [{ expr: orZero(sum(failed, 'endpoint'), sum(requests, 'endpoint')), legend: '{{endpoint}}' }],
    unit: 'req/s',
    alert: 'HighErrorRate',
  },
  {
    title: 'Errors by instance',
    description: 'One instance alone: look at its machine, its version, its connections.',
    kind: 'graph',
    queries: [{ expr: sum(errorRate, 'instance', 'error_type'), legend: '{{instance}} {{error_type}}' }],
    unit: 'events/s',
  },
];
