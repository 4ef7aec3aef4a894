// One instance of a function at the wire: it answers some requests, and pushes after each what it counted since the last push.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Invocations {
  readonly requests: number;
  readonly milliseconds: number;
}

/** Of each instance; a fast one takes 50 ms, a slow one 700. */
export const INVOCATIONS = { fast: 3, slow: 1 } as const;

const AUTHORIZATION = `Basic ${Buffer.from('functions:s3cr3t').toString('base64')}`;
const BOUNDS = [100, 500, 1000];
const ATTRIBUTES = { method: 'GET', status: '200', endpoint: '/api/earnings' };

/** Resolves once all is pushed, with what it counted. @throws if a push is not taken */
export async function instance(url: string, number: number): Promise<Invocations> {
  const started = Date.now();
  let last = started;
  let milliseconds = 0;
  const durations = [...Array<number>(INVOCATIONS.fast).fill(50), ...Array<number>(INVOCATIONS.slow).fill(700)];
  for (const duration of durations) {
    // The first to start answers last, so that what it pushes starts before all that is there.
    await sleep(number === 0 ? 700 : randomInt(5, 200));
    milliseconds += duration;
    const now = Date.now();
    await push(url, number, duration, last, now);
    last = now;
  }
  return { requests: durations.length, milliseconds };
}

async function push(url: string, number: number, duration: number, start: number, end: number): Promise<void> {
  const time = { startTimeUnixNano: `${start}000000`, timeUnixNano: `${end}000000` };
  const attributes = attributesOf(ATTRIBUTES);
  const { status: _, ...ofHistogram } = ATTRIBUTES;
  const buckets = BOUNDS.map((bound, index) => (duration <= bound && duration > (BOUNDS[index - 1] ?? 0) ? '1' : '0'));
  const histogram = { count: '1', sum: duration, explicitBounds: BOUNDS, bucketCounts: [...buckets, '0'], attributes: attributesOf(ofHistogram) };
  const metrics = [
    { name: 'http_requests_total', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ asInt: '1', attributes, ...time }] } },
    { name: 'http_request_duration_ms', histogram: { aggregationTemporality: 1, dataPoints: [{ ...histogram, ...time }] } },
  ];
  const resource = { 'service.name': 'earntrack-functions', 'service.instance.id': `${number}`, 'process.pid': `${4 + number}` };
  const body = {
    resourceMetrics: [
      { resource: { attributes: attributesOf(resource) }, scopeMetrics: [{ scope: { name: 'otel-preload', version: '1' }, metrics }] },
    ],
  };
  const headers = { 'content-type': 'application/json', authorization: AUTHORIZATION };
  const response = await fetch(`${url}/v1/metrics`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`instance ${number}: ${response.status} ${await response.text()}`);
}

function attributesOf(labels: Readonly<Record<string, string>>): object[] {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
