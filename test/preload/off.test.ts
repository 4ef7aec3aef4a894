// Switched off: nothing loaded (OpenTelemetry is in boot.js), nothing begun, nothing replaced.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startApp, type AppOptions } from '../support/app';
import { ask } from '../support/reachable';
import { whatIsTouched } from '../support/untouched';

const PRELOAD_FILE = require.resolve('@earntrack/otel-preload');
const OFF: readonly [what: string, env: AppOptions['env'], dotenv?: string][] = [
  ['PROMETHEUS_ENABLED is not set', { PROMETHEUS_ENABLED: undefined }],
  ['PROMETHEUS_ENABLED is empty', { PROMETHEUS_ENABLED: '' }],
  ['PROMETHEUS_ENABLED=false', { PROMETHEUS_ENABLED: 'false' }],
  ['PROMETHEUS_ENABLED=0', { PROMETHEUS_ENABLED: '0' }],
  ['PROMETHEUS_ENABLED=false in .env', { PROMETHEUS_ENABLED: undefined }, 'PROMETHEUS_ENABLED=false\nMETRICS_PORT=1\n'],
  ['.env holds other variables only', { PROMETHEUS_ENABLED: undefined }, 'METRICS_PORT=1\n'],
  ['PROMETHEUS_ENABLED=true in .env, and false in the environment', { PROMETHEUS_ENABLED: 'false' }, 'PROMETHEUS_ENABLED=true\n'],
  ['OTEL_SDK_DISABLED=true', { OTEL_SDK_DISABLED: 'true' }],
];

describe('Switched off', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'off-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  for (const [what, env, dotenv] of OFF) {
    it(`because ${what}, it replaces nothing, begins nothing and loads no OpenTelemetry`, async () => {
      if (dotenv !== undefined) fs.writeFileSync(path.join(folder, '.env'), dotenv);
      const bare = await whatIsTouched({ cwd: folder }, []);
      const off = await whatIsTouched({ cwd: folder, env }, ['-r', PRELOAD_FILE]);
      // What reads OTEL_SDK_DISABLED is loaded only where PROMETHEUS_ENABLED has switched on.
      const own = env?.['OTEL_SDK_DISABLED'] === undefined ? [PRELOAD_FILE] : [PRELOAD_FILE, path.join(PRELOAD_FILE, '../settings.js')];
      assert.deepEqual(
        off.loaded.filter((file) => !own.includes(file)),
        bare.loaded,
      );
      assert.deepEqual({ ...off, loaded: [] }, { ...bare, loaded: [] });
      assert.deepEqual(off.begun, []);
    });
  }

  it('is told from switched on: then exactly this is replaced', async () => {
    const bare = await whatIsTouched({}, []);
    const on = await whatIsTouched({ env: { METRICS_PORT: '1' } }, ['-r', PRELOAD_FILE]);
    const changes = on.changes.filter((change) => !bare.changes.includes(change));
    assert.deepEqual(changes.toSorted(), REPLACED);
    assert.ok(on.begun.includes('Timeout'));
    assert.ok(on.loaded.some((file) => file === path.join(PRELOAD_FILE, '../boot.js')));
  });

  it("answers nothing: /metrics is the app's", async () => {
    const app = await startApp('server-on-command.js', { args: ['{"port":0}'], env: { PROMETHEUS_ENABLED: undefined } });
    try {
      assert.equal((await ask(app.port, '/metrics')).body, 'the app');
      assert.equal(app.stderr(), '');
    } finally {
      await app.stop();
    }
  });
});

/** Everything of Node.js that a running preload has replaced; more costs an app more, and is a decision. */
const REPLACED = [
  'globalThis.Symbol(@earntrack/otel-preload)',
  'http.get',
  'http.request',
  'https.get',
  'https.request',
  'module.prototype.load',
  'net.Server.prototype.emit',
  'net.Server.prototype.listen',
  'process._events.uncaughtExceptionMonitor',
  'process.emit',
];
