// The recipe for PM2, run by a real PM2 in cluster mode.

import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { npmPackages } from '@earntrack/local-servers';
import { fixtures, root } from '../support/app';
import { RECIPES } from '../support/manifests';
import { answers } from '../support/reachable';
import { bearer, Ports, requestsAt, status, USERS } from '../support/recipes';

const recipe = require(path.join(RECIPES, 'pm2/ecosystem.config.cjs')) as {
  apps: [{ script: string; instances: number; env: Record<string, string> }];
};

const run = promisify(execFile);

describe('PM2 with the recipe’s ecosystem file', () => {
  let folder: string;
  let ports: Ports;
  let pm2: ChildProcess;
  let program: string;
  const workers = new Set<string>();
  const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: folder, PM2_HOME: path.join(folder, 'pm2'), TMPDIR: os.tmpdir() });

  before(async function () {
    this.timeout(300_000);
    program = path.join(await npmPackages('pm2', path.join(fixtures, 'pm2'), console.log), 'pm2/bin/pm2');
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pm2-'));
    ports = await Ports.for(3001, 3002);
    const [app] = recipe.apps;
    const home = (name: string, token: string): string => {
      const cwd = path.join(folder, name);
      fs.mkdirSync(path.join(cwd, 'dist'), { recursive: true });
      fs.symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'));
      fs.copyFileSync(path.join(fixtures, 'recipe-app.cjs'), path.join(cwd, app.script));
      fs.writeFileSync(path.join(cwd, '.env'), `METRICS_AUTH_TOKEN="${token}"\n`, { mode: 0o600 });
      return cwd;
    };
    const other = { ...app, name: 'another', instances: 2, env: { ...app.env, PORT: '3002', METRICS_PORT: '3002' } };
    const apps = [
      { ...app, cwd: home('backend', 'a token') },
      { ...other, cwd: home('another', 'another token') },
    ];
    const file = path.join(folder, 'ecosystem.config.json');
    fs.writeFileSync(file, JSON.stringify({ apps: apps.map((each) => ({ ...each, env: ports.in(each.env) })) }));
    // From a folder that is no app's, as at a boot.
    pm2 = spawn(process.execPath, [program, 'start', file, '--no-daemon'], { cwd: '/', env: env(), stdio: 'ignore' });
    await answers(ports.of(3001));
    await answers(ports.of(3002));
  });

  after(async () => {
    const ended = pm2 && new Promise((resolve) => pm2.once('exit', resolve));
    if (pm2?.exitCode === null) await run(process.execPath, [program, 'kill'], { env: env() });
    await ended;
    fs.rmSync(folder, { recursive: true, force: true });
  });

  let sent = 0;
  const ask = async (): Promise<string> => {
    const worker = await (await fetch(`http://127.0.0.1:${ports.of(3001)}/users/7`)).text();
    sent += 1;
    return worker;
  };
  /** What is counted once all that was sent is. */
  const counted = (): Promise<Record<string, number>> =>
    requestsAt(ports.of(recipe.apps[0].env['METRICS_PORT']!), '/metrics', bearer('a token'), sent);

  it('counts the requests of all workers together, whichever is scraped', async () => {
    for (let i = 0; i < 40 || workers.size < recipe.apps[0].instances; i += 1) workers.add(await ask());
    assert.equal(workers.size, recipe.apps[0].instances);
    for (let i = 0; i < 8; i += 1) assert.deepEqual(await counted(), { [USERS]: sent });
  });

  it('loses nothing when the workers are reloaded', async () => {
    assert.deepEqual(await counted(), { [USERS]: sent });
    await run(process.execPath, [program, 'reload', 'earntrack-backend'], { env: env() });
    for (const end = Date.now() + 30_000; [...workers].some(runs);) {
      assert.ok(Date.now() < end, 'the old workers are still there');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(!workers.has(await ask()));
    assert.deepEqual(await counted(), { [USERS]: sent });
  });

  it('asks for the token of .env', async () => {
    assert.equal(await status(ports.of(3001), '/metrics'), 401);
  });

  it('keeps the requests of another app of the same PM2 apart', async () => {
    await ask();
    for (let i = 0; i < 10; i += 1) assert.equal(await status(ports.of(3002), '/users/7'), 200);
    assert.deepEqual(await requestsAt(ports.of(3002), '/metrics', bearer('another token'), 10), { [USERS]: 10 });
    assert.deepEqual(await counted(), { [USERS]: sent });
  });
});

function runs(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
