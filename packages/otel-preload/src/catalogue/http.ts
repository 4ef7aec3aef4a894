import type { Metric } from './types';

/** Every boundary doubles as a possible threshold of a service level objective. */
const HTTP_BOUNDARIES_MS = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000] as const;

export const http = {
  http_requests_total: {
    kind: 'counter',
    family: 'http',
    help: 'Requests answered, by method, status code sent (499: the client left first) and route template.',
    labels: ['method', 'status', 'endpoint'],
    source: { from: 'stream', instrument: 'http.server.request.duration', take: 'count' },
  },
  http_request_duration_ms: {
    kind: 'histogram',
    family: 'http',
    help: 'Time from the arrival of a request until its response was sent, in milliseconds.',
    labels: ['method', 'endpoint'],
    boundaries: HTTP_BOUNDARIES_MS,
    source: { from: 'stream', instrument: 'http.server.request.duration', take: 'durations' },
  },
  http_client_request_duration_ms: {
    kind: 'histogram',
    family: 'http_client',
    help: 'Time that requests to other services took, over node:http, node:https and fetch, in milliseconds, by method, host and status.',
    labels: ['method', 'host', 'status'],
    boundaries: HTTP_BOUNDARIES_MS,
    source: { from: 'stream', instrument: 'http.client.request.duration', take: 'durations' },
  },
} as const satisfies Record<string, Metric>;
