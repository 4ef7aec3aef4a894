// Requests that the app sends through node:http and node:https, and what measures them, which is loaded with the first one.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fixtures, root, startApp, type App, type AppOptions } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';
import { ask } from '../support/reachable';

const COUNT = 'http_client_request_duration_ms_count';
const LATER = 'http-client.js';

describe('Requests that an app sends', () => {
  let targets: App[];
  before(async () => (targets = await Promise.all(['http', 'https'].map((kind) => startApp('server-kinds.js', { flags: [], args: [kind] })))));
  after(() => Promise.all(targets.map((target) => target.stop())));

  const start = (program: string, options: AppOptions = {}): Promise<App> =>
    startApp(program, { ...options, args: targets.map(({ port }) => String(port)) });

  for (const program of ['outgoing.cjs', 'outgoing.mjs']) {
    it(`are counted once each, over node:http and node:https and in each way to call them: ${program}`, async () => {
      const app = await start(program);
      try {
        assert.equal((await ask(app.port, '/asks')).body, '[200,200,200,200]');
        const samples = await scrapeUntil(app.port, (now) => now.has(`${COUNT}{host="localhost",method="GET",status="200"}`));
        assert.deepEqual(seriesOf(samples, COUNT), { 'host="localhost",method="GET",status="200"': 4 });
        assert.deepEqual(app.log(), []);
      } finally {
        await app.stop();
      }
    });
  }

  it('have what measures them loaded with the first one, not before', async () => {
    const app = await start('outgoing.cjs');
    const isLoaded = async (): Promise<boolean> => (JSON.parse((await ask(app.port, '/loaded')).body) as string[]).includes(LATER);
    try {
      assert.equal(await isLoaded(), false);
      await ask(app.port, '/asks');
      assert.equal(await isLoaded(), true);
    } finally {
      await app.stop();
    }
  });

  it('are sent, uncounted and with one line said, where the package has been deleted while the app runs', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'outgoing-'));
    const copy = path.join(home, 'otel-preload');
    fs.cpSync(path.join(root, 'packages/otel-preload/package'), path.join(copy, 'package'), { recursive: true });
    const app = await start(path.join(fixtures, 'outgoing.cjs'), { flags: ['-r', path.join(copy, 'package/index.js')] });
    try {
      fs.rmSync(home, { recursive: true });
      for (let twice = 0; twice < 2; twice += 1) assert.equal((await ask(app.port, '/asks')).body, '[200,200,200,200]');
      assert.match((await ask(app.port, '/metrics')).body, /^http_requests_total\{method="GET",status="200",endpoint="unmatched"\} 2$/m);
      assert.equal(app.log().length, 1);
      assert.match(app.log()[0]!, /the outgoing HTTP hook failed and is left out: Error: Cannot find module/);
    } finally {
      await app.stop();
    }
  });

  it('that node:http refuses at once show the app where it asked, behind three frames of ours at the most', async () => {
    const app = await startApp('throws-at-once.cjs', { silent: true });
    const frames = (await app.said('frames')).split(' ').map(Number);
    assert.ok(Math.max(...frames) <= 3, frames.join());
    await app.exited;
  });
});
