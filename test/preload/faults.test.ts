// What goes wrong around the preload, or in it: the app behaves as without it, and each fault is one line in the log.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startPostgres, startRedis, type Postgres, type Redis } from '@earntrack/local-servers';
import { startApp, type App, type AppOptions } from '../support/app';
import { scrape, scrapeUntil, seriesOf } from '../support/exposition';
import { makeHome, type Home } from '../support/home';
import { text } from '../support/reachable';

/** The files that the hooks look for, in versions that they know. */
const LIBRARIES: Readonly<Record<string, readonly [version: string, ...files: string[]]>> = {
  '@opentelemetry/api': ['1.99.0', 'index.js'],
  bullmq: ['5.99.0', 'index.js'],
  express: ['4.99.0', 'index.js', 'lib/router/index.js', 'lib/router/route.js', 'lib/router/layer.js'],
  finalhandler: ['1.99.0', 'index.js'],
  ioredis: ['5.99.0', 'index.js'],
  koa: ['2.99.0', 'index.js', 'lib/context.js'],
  pg: ['8.99.0', 'index.js', 'lib/client.js'],
  'pg-pool': ['3.99.0', 'index.js'],
  router: ['2.99.0', 'index.js', 'lib/route.js', 'lib/layer.js'],
  ws: ['8.99.0', 'index.js', 'lib/websocket-server.js'],
};

const SHAPES: Readonly<Record<string, string>> = {
  'export nothing': 'module.exports = {};',
  'export null': 'module.exports = null;',
  'are frozen': 'module.exports = Object.freeze(class {}); Object.freeze(module.exports.prototype);',
  'throw when they are looked at': "module.exports = new Proxy(function () {}, { get() { throw new Error('looked at'); } });",
};

/** finalhandler is a function that is wrapped unseen; what is said of pg is said of pg-pool too. */
const SAID = Object.keys(LIBRARIES).filter((name) => name !== 'finalhandler' && name !== 'pg-pool');

const apps: App[] = [];
const stopAll = async (): Promise<void> => void (await Promise.all(apps.splice(0).map((app) => app.stop())));

/** The same program without and with the preload. */
async function startBoth(program: string, options: AppOptions = {}): Promise<{ bare: App; ours: App }> {
  const bare = await startApp(program, { ...options, flags: [] });
  apps.push(bare);
  const ours = await startApp(program, options);
  apps.push(ours);
  return { bare, ours };
}

/** Nothing but lines of the preload's, and none of them twice. */
function assertSaidOnce(app: App): void {
  const lines = app
    .stderr()
    .split('\n')
    .filter((line) => line !== '');
  assert.deepEqual(lines, [...new Set(app.log())]);
}

describe('Libraries of another shape than the hooks know', () => {
  let home: Home;
  before(() => {
    home = makeHome(['hostile-libraries.cjs']);
  });
  after(() => home.remove());
  afterEach(stopAll);

  for (const [what, source] of Object.entries(SHAPES)) {
    it(`that ${what} reach the app as they are, and each is said once`, async () => {
      const files = Object.entries(LIBRARIES).flatMap(([name, [version, ...inner]]) => write(home, name, version, inner, source));
      const { bare, ours } = await startBoth(path.join(home.path, 'hostile-libraries.cjs'), { cwd: home.path, args: files });
      assert.equal(await text(ours.port, '/'), await text(bare.port, '/'));
      const samples = await scrapeUntil(ours.port, (now) => Object.keys(seriesOf(now, 'http_requests_total')).length > 0);
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), { 'endpoint="unmatched",method="GET",status="200"': 1 });
      assert.equal(bare.stderr(), '');
      assertSaidOnce(ours);
      const silent = SAID.filter((name) => !ours.log().some((line) => line.includes(name)));
      assert.deepEqual(silent, [], ours.stderr());
    });
  }
});

describe('Redis and PostgreSQL', () => {
  const PATHS = ['/cache', '/database', '/job', '/fails'];
  let redis: Redis;
  let postgres: Postgres;
  let bare: App;
  let ours: App;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis({ fresh: true }), startPostgres({ fresh: true })]);
    ({ bare, ours } = await startBoth('servers-down.cjs', { env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } }));
  });
  after(async () => {
    await stopAll();
    await Promise.all([redis?.stop(), postgres?.stop()]);
  });

  const outcomes = async ({ port }: App): Promise<string[]> => {
    const all: string[] = [];
    for (const path of PATHS) all.push(await text(port, path));
    return all;
  };
  const assertSame = async (expected: RegExp): Promise<void> => {
    const [without, withUs] = [await outcomes(bare), await outcomes(ours)];
    assert.deepEqual(withUs, without);
    for (const outcome of withUs) assert.match(outcome, expected);
  };

  it('while they are up, the app does its work', () => assertSame(/^done$/));

  it('when they are gone, it gets the same errors as without us, and its metrics are served', async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
    await assertSame(/Error/);
    const samples = await scrapeUntil(ours.port, (now) => now.get('http_requests_total{endpoint="/cache",method="GET",status="200"}') === 2);
    assert.deepEqual(seriesOf(samples, 'cache_misses_total'), { 'cache_type="user"': 1 });
    assert.equal(samples.get('errors_total{endpoint="/fails",error_type="Error"}'), 1);
    assertSaidOnce(ours);
  });

  it('gone or not, it ends as without us', async () => {
    for (const app of [bare, ours]) app.process.kill('SIGTERM');
    assert.deepEqual(await ours.exited, await bare.exited);
  });
});

describe('What the app hands to its metrics', () => {
  afterEach(stopAll);

  it('never throws into it, and the other metrics are served', async () => {
    const { bare, ours } = await startBoth('hostile-metrics.cjs');
    const samples = await scrape(ours.port);
    assert.equal(await text(bare.port, '/'), '{}');
    assert.equal(await text(ours.port, '/'), '{}');
    assert.ok(samples.has('process_cpu_seconds_total'));
    assert.equal(samples.get('hostile_good_total{kind="good"}'), 1);
    assert.ok(samples.get('otel_preload_dropped_total{reason="invalid_value"}')! > 30);
    assertSaidOnce(ours);
  });

  it('is nothing that the other workers of a cluster cannot add up, or promtool cannot read', async () => {
    const app = await startApp('hostile-metrics.cjs', { args: ['cluster'] });
    apps.push(app);
    const samples = await scrapeUntil(app.port, (now) => now.get('hostile_good_total{kind="good"}') === 2);
    assert.ok(samples.has('process_cpu_seconds_total'));
    assertParses(await text(app.port, '/metrics'));
  });
});

/** Prometheus's own parser takes it: promtool ends with 3 where it likes no name, with 1 where it cannot read. */
function assertParses(exposition: string): void {
  const { status, stderr } = spawnSync(process.env['TEST_PROMTOOL']!, ['check', 'metrics'], { input: exposition, encoding: 'utf8' });
  assert.equal(status, 3, stderr);
}

function write(home: Home, name: string, version: string, files: readonly string[], source: string): string[] {
  const folder = path.join(home.path, 'node_modules', name);
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), source);
  }
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version }));
  return files.map((file) => `${name}/${file}`);
}
