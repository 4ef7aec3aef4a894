// An app with an OpenTelemetry SDK of its own: both measure, and neither is the worse for the other.

import assert from 'node:assert/strict';
import path from 'node:path';
import { npmPackages } from '@earntrack/local-servers';
import { fixtures, PRELOAD, startApp, type App, type AppOptions } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';
import { makeHome, type Home } from '../support/home';
import { ask } from '../support/reachable';

const PROGRAMS = ['sdk.cjs', 'sdk-started.cjs', 'app.cjs', 'app.mjs', 'esm-hook.mjs', 'serve.cjs'].map((name) => `second-sdk/${name}`);
const SDK = ['-r', './sdk-started.cjs'];

/** When the app's SDK starts: its flags before and after the preload's, its program, and that program's argument. */
const ORDERS: Readonly<Record<string, { before?: readonly string[]; after?: readonly string[]; program?: string; args?: readonly string[] }>> = {
  'starts before the preload': { before: SDK },
  'starts between the preload and the app': { after: SDK },
  'starts before the app loads its libraries': { args: ['sdk-first'] },
  'starts after the app has loaded its libraries': { args: ['sdk-last'] },
  'starts in ESM, without its loader': { program: 'app.mjs' },
  'starts in ESM, with its loader before the preload': { before: ['--import', './esm-hook.mjs'], program: 'app.mjs' },
  'starts in ESM, with its loader after the preload': { after: ['--import', './esm-hook.mjs'], program: 'app.mjs' },
};

interface Seen {
  readonly spans: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
}

describe('A second OpenTelemetry SDK', () => {
  let home: Home;
  before(async function () {
    this.timeout(300_000);
    const packages = await npmPackages('second-sdk', path.join(fixtures, 'second-sdk'), console.log);
    home = makeHome(PROGRAMS, packages);
  });
  after(() => home?.remove());

  for (const [when, { before = [], after = [], program = 'app.cjs', args = [] }] of Object.entries(ORDERS)) {
    it(`that ${when} sees what it sees without us, and our counts are exact`, async () => {
      const bare = await start(home, program, { flags: [...before, ...after], args });
      const ours = await start(home, program, { flags: [...before, ...PRELOAD, ...after], args });
      try {
        for (const app of [bare, ours]) await send(app);
        await assertCounts(ours);
        assert.deepEqual(await seenBy(ours), await seenBy(bare));
        assert.deepEqual(ours.log(), [`[otel-preload] a second OpenTelemetry SDK runs in this app: both measure, side by side; ${GOES}`]);
      } finally {
        await Promise.all([bare.stop(), ours.stop()]);
      }
    });
  }

  it('that does not trace outgoing requests sends no headers that it does not send without us', async () => {
    const env = { OUTGOING: 'untraced' };
    const bare = await start(home, 'app.cjs', { flags: [], args: ['sdk-first'], env });
    const ours = await start(home, 'app.cjs', { args: ['sdk-first'], env });
    try {
      assert.deepEqual((await ask(ours.port, '/asks-for-headers')).body, (await ask(bare.port, '/asks-for-headers')).body);
    } finally {
      await Promise.all([bare.stop(), ours.stop()]);
    }
  });
});

const GOES = "what the app makes with @opentelemetry/api goes to the SDK's MeterProvider, not to this scrape";

function start(home: Home, program: string, options: AppOptions): Promise<App> {
  const env = { DATABASE_URL: process.env['TEST_DATABASE_URL'], REDIS_URL: process.env['TEST_REDIS_URL'], ...options.env };
  return startApp(path.join(home.path, program), { ...options, env, cwd: home.path });
}

async function send({ port }: App): Promise<void> {
  for (const path of ['/users/1', '/users/2', '/asks', '/asks', '/asks', '/nowhere']) await ask(port, path);
}

async function assertCounts({ port }: App): Promise<void> {
  const samples = await scrapeUntil(port, (now) => now.has('cache_size_bytes{cache_type="redis"}'));
  assert.deepEqual(seriesOf(samples, 'http_requests_total'), {
    'endpoint="/users/:id",method="GET",status="200"': 5,
    'endpoint="/asks",method="GET",status="200"': 3,
    'endpoint="unmatched",method="GET",status="404"': 1,
  });
  assert.deepEqual(seriesOf(samples, 'database_query_duration_ms_count'), { 'query_type="select",table="pg_class"': 5 });
  assert.deepEqual(seriesOf(samples, 'cache_misses_total'), { 'cache_type="user"': 5 });
  assert.deepEqual(seriesOf(samples, 'http_client_request_duration_ms_count'), { 'host="localhost",method="GET",status="200"': 3 });
}

async function seenBy(app: App): Promise<Seen> {
  app.process.kill('SIGUSR2');
  return JSON.parse(await app.said('seen')) as Seen;
}
