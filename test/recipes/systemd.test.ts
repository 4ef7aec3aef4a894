// The recipe for systemd: what the unit starts, with the environment that it names, serves the metrics.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { fixtures, root } from '../support/app';
import { RECIPES } from '../support/manifests';
import { answers } from '../support/reachable';
import { bearer, Ports, requestsAt, status, USERS } from '../support/recipes';

const unit = fs.readFileSync(path.join(RECIPES, 'systemd/earntrack-backend.service'), 'utf8');

/** The values of a setting, in the order in which they stand. */
const valuesOf = (name: string): string[] => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);

describe('The systemd unit', () => {
  it('starts an app that serves its metrics on its own port, with the token of its environment file', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'systemd-'));
    fs.mkdirSync(path.join(folder, 'dist'));
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    fs.copyFileSync(path.join(fixtures, 'recipe-app.cjs'), path.join(folder, 'dist/main.js'));
    const ports = await Ports.for(3001);
    const env = ports.in({ ...parseEnv(valuesOf('Environment').join('\n')), METRICS_AUTH_TOKEN: 'a token' });
    const [[node, ...args]] = valuesOf('ExecStart').map((line) => line.split(' ')) as [[string, ...string[]]];
    assert.equal(node, '/usr/bin/node');
    const app = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env['PATH'], TMPDIR: os.tmpdir(), ...env } });
    try {
      await answers(ports.of(3001));
      assert.equal(await status(ports.of(3001), '/users/7'), 200);
      assert.deepEqual(await requestsAt(ports.of(env['METRICS_PORT'] === env['PORT'] ? 3001 : 0), '/metrics', bearer('a token')), { [USERS]: 1 });
      assert.equal(await status(ports.of(3001), '/metrics'), 401);
    } finally {
      app.kill('SIGKILL');
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('holds no secret itself', () => {
    assert.deepEqual(valuesOf('EnvironmentFile'), ['/etc/earntrack/backend.env']);
    assert.doesNotMatch(valuesOf('Environment').join('\n'), /TOKEN|PASSWORD/);
  });
});
