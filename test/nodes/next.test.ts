// A real app on Next.js, built as for production, with the recipe for Vercel in it: what clients have asked for, by the template of its route.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, npmPackages } from '@earntrack/local-servers';
import { transformSync } from 'esbuild';
import { fixtures, PRELOAD, root, startApp, type App, type AppOptions } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';
import { makeHome, type Home } from '../support/home';
import { RECIPES } from '../support/manifests';
import { startOtlpReceiver } from '../support/otlp-receiver';
import { ask, text } from '../support/reachable';

const NEXT = 'node_modules/next/dist/bin/next';

const REQUESTS = [
  { asked: '/', status: 200, endpoint: '/' },
  { asked: '/users/1', status: 200, endpoint: '/users/[id]' },
  { asked: '/users/2?tab=3', status: 200, endpoint: '/users/[id]' },
  { asked: '/people/3', status: 200, endpoint: '/users/[id]' },
  { asked: '/api/items/1', status: 200, endpoint: '/api/items/[id]' },
  { asked: '/api/items/1', method: 'DELETE', status: 405, endpoint: '/api/items/[id]' },
  { asked: '/api/things/1', status: 200, endpoint: '/api/things/[id]' },
  { asked: '/fails/1', status: 500, endpoint: '/fails/[id]' },
  { asked: '/nowhere/1', status: 404, endpoint: 'unmatched' },
  { asked: '/_next/static/nowhere.js', status: 404, endpoint: 'unmatched' },
  { asked: '/robots.txt', status: 200, endpoint: 'unmatched' },
  { asked: '/moved', status: 307, endpoint: 'unmatched' },
  { asked: '/closed', status: 403, endpoint: 'unmatched' },
];

type Counts = Record<string, number>;

describe('An app on Next.js', () => {
  let home: Home;
  let app: App | undefined;
  let port: number;

  before(async function () {
    this.timeout(300_000);
    home = makeHome([], await npmPackages('next', path.join(fixtures, 'next'), console.log));
    fs.cpSync(path.join(fixtures, 'next'), home.path, { recursive: true });
    installPreload(home);
    const recipe = (file: string): string => path.join(RECIPES, 'vercel', file);
    fs.copyFileSync(recipe('next.config.mjs'), path.join(home.path, 'recipe.mjs'));
    const { code } = transformSync(fs.readFileSync(recipe('instrumentation.ts'), 'utf8'), { loader: 'ts' });
    fs.writeFileSync(path.join(home.path, 'instrumentation.js'), code);
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, TMPDIR: tmpdir(), NEXT_TELEMETRY_DISABLED: '1' } as unknown as NodeJS.ProcessEnv;
    await promisify(execFile)(process.execPath, [NEXT, 'build'], { cwd: home.path, env });
  });
  afterEach(() => app?.stop());
  after(() => home?.remove());

  /** Until it has said that it is ready. Not asked: Next.js calls `register()` with the first request. */
  async function start(options: AppOptions): Promise<App> {
    port = await freePort();
    app = await startApp(path.join(home.path, NEXT), { ...options, args: ['start', '--port', String(port)], cwd: home.path, silent: true });
    await app.said('.*Ready');
    return app;
  }

  /** @returns how often what was answered */
  async function askAll(): Promise<Counts> {
    const counts: Counts = {};
    const asked = async (file: string, method: string, status: number, endpoint: string): Promise<void> => {
      assert.equal((await ask(port, file, { method })).status, status, file);
      const series = `endpoint="${endpoint}",method="${method}",status="${status}"`;
      counts[series] = (counts[series] ?? 0) + 1;
    };
    for (const { asked: file, method = 'GET', status, endpoint } of REQUESTS) await asked(file, method, status, endpoint);
    const [script] = /\/_next\/static\/[^"]+\.js/.exec(await text(port, '/'))!;
    counts['endpoint="/",method="GET",status="200"']! += 1;
    await asked(script, 'GET', 200, 'unmatched');
    return counts;
  }

  it('by -r: every request is scraped under its route, and no route means `unmatched`', async () => {
    const { log } = await start({ flags: PRELOAD });
    const counts = await askAll();
    const samples = await scrapeUntil(port, (now) => total(seriesOf(now, 'http_requests_total')) >= total(counts));
    assert.deepEqual(seriesOf(samples, 'http_requests_total'), counts);
    assert.deepEqual(seriesOf(samples, 'errors_total'), { 'endpoint="/fails/[id]",error_type="HttpServerError"': 1 });
    assert.deepEqual(log(), []);
  });

  it('by register(), as on Vercel: every request is pushed under its route, the one that starts the preload included', async () => {
    const receiver = await startOtlpReceiver();
    try {
      const { log } = await start({ flags: [], env: { VERCEL: '1', OTEL_SERVICE_NAME: 'web', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
      const counts = await askAll();
      const pushed = (): Counts => sums(receiver.pushes.map(({ samples }) => seriesOf(samples, 'http_requests_total')));
      await receiver.until(() => total(pushed()) >= total(counts));
      assert.deepEqual(pushed(), counts);
      assert.deepEqual(log(), []);
    } finally {
      await receiver.stop();
    }
  });
});

/** Copied, as npm would: what a link leads to outside of node_modules, Next.js packs into its own files. */
function installPreload({ path: folder }: Home): void {
  const installed = path.join(folder, 'node_modules/@earntrack/otel-preload');
  fs.rmSync(installed);
  for (const part of ['package.json', 'package']) {
    fs.cpSync(path.join(root, 'packages/otel-preload', part), path.join(installed, part), { recursive: true });
  }
}

function sums(deltas: readonly Counts[]): Counts {
  const all: Counts = {};
  for (const [series, count] of deltas.flatMap((each) => Object.entries(each))) all[series] = (all[series] ?? 0) + count;
  return all;
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
