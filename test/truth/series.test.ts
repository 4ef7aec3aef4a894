// SCALING.md's formula for the series of an instance (compose/SCALING.md), against what a real app shows.

import assert from 'node:assert/strict';
import { FIXED_SERIES, SERIES_EACH, seriesOf, STATUSES_A_ROUTE, type Shape } from '@earntrack/scale';
import { startApp, type App } from '../support/app';

/** The metric of each thing that has one label set for one of them; or that many. */
const COUNTED: Readonly<Record<keyof Shape, readonly [metric: string, labelSets: number]>> = {
  routes: ['http_request_duration_ms_count', 1],
  hosts: ['http_client_request_duration_ms_count', 1],
  queries: ['database_query_duration_ms_count', 1],
  pools: ['database_pool_connections', 3],
  jobTypes: ['job_duration_ms_count', 1],
  queues: ['job_queue_depth', 5],
  cacheTypes: ['cache_hits_total', 1],
  errors: ['errors_total', 1],
};
const SHAPED = /^(http_|database_|slow_queries|cache_(hits|misses)|job|errors_)/;

describe('The series of a real app', () => {
  let app: App;
  let names: readonly string[];
  before(async () => {
    const env = { DATABASE_URL: process.env['TEST_DATABASE_URL']!, REDIS_URL: process.env['TEST_REDIS_URL']! };
    app = await startApp('all.cjs', { env });
    names = await namesOf(app);
  });
  after(() => app.stop());

  const count = (name: string): number => names.filter((found) => found === name).length;
  const shape = (): Shape =>
    Object.fromEntries(Object.entries(COUNTED).map(([kind, [metric, labelSets]]) => [kind, count(metric) / labelSets])) as unknown as Shape;

  it('are what the formula says for what the app has, to the last one', () => {
    // How many statuses a route has been answered with is the traffic's; SCALING.md reckons with two.
    const statuses = count('http_requests_total') - STATUSES_A_ROUTE * shape().routes;
    const reckoned = seriesOf(shape()) - FIXED_SERIES + statuses;
    assert.equal(names.filter((name) => SHAPED.test(name)).length, reckoned);
    assert.ok(Object.keys(SERIES_EACH).every((kind) => shape()[kind as keyof Shape] > 0));
  });

  it('beside those, are about as many as SCALING.md says that every instance has', () => {
    const others = names.filter((name) => !SHAPED.test(name)).length;
    assert.ok(Math.abs(others / FIXED_SERIES - 1) < 0.15, `${others}, against ${FIXED_SERIES}`);
  });
});

/** Once the queue's depth, which a timer asks for, and a garbage collection have been seen. */
async function namesOf({ port }: App): Promise<readonly string[]> {
  for (const end = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const whole = ['job_queue_depth', 'nodejs_gc_duration_seconds', 'cache_size_bytes'].every((name) => text.includes(`# TYPE ${name} `));
    if (whole) return text.split('\n').flatMap((line) => /^[a-z_]\w*/.exec(line)?.[0] ?? []);
    assert.ok(Date.now() < end, 'not all families were shown');
  }
}
