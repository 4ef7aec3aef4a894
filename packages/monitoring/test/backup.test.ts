// `npm run backup` and restore against a real Prometheus. There is no Docker here: a stand-in runs the same scripts on a local folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, prometheusProgram } from '@earntrack/local-servers';
import { ROOT } from '../src/generate/disk';

/** What `docker compose ps, stop, start, run` do, with the volume in $DATA. */
const DOCKER = `#!/bin/sh
for script; do :; done
case "$2" in
  ps) if [ -f "$STATE/pid" ]; then echo prometheus; fi ;;
  stop) kill "$(cat "$STATE/pid")"; while kill -0 "$(cat "$STATE/pid")" 2>/dev/null; do sleep 0.05; done; rm "$STATE/pid" ;;
  start) "$STATE/start" ;;
  run) exec sh -c "$(printf %s "$script" | sed "s#/prometheus#$DATA#g")" ;;
esac
`;

const START = `#!/bin/sh
"$PROMETHEUS" --config.file="$STATE/prometheus.yml" --storage.tsdb.path="$DATA" --web.listen-address="$ADDRESS" >>"$STATE/log" 2>&1 </dev/null &
echo $! >"$STATE/pid"
`;

describe('npm run backup and restore', function () {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'backup-'));
  const [data, backups] = [path.join(state, 'data'), path.join(state, 'backups')];
  let env: NodeJS.ProcessEnv;

  before(async () => {
    const address = `127.0.0.1:${await freePort()}`;
    env = {
      ...process.env,
      PATH: `${state}:${process.env.PATH}`,
      STATE: state,
      DATA: data,
      ADDRESS: address,
      PROMETHEUS: await prometheusProgram('prometheus'),
    };
    fs.mkdirSync(data);
    const self = `scrape_configs: [{ job_name: self, scrape_interval: 200ms, scrape_timeout: 200ms, static_configs: [{ targets: ['${address}'] }] }]`;
    fs.writeFileSync(path.join(state, 'prometheus.yml'), self);
    fs.writeFileSync(path.join(state, 'docker'), DOCKER, { mode: 0o755 });
    fs.writeFileSync(path.join(state, 'start'), START, { mode: 0o755 });
    await run('sh', path.join(state, 'start'));
  });
  after(async () => {
    if (isUp()) await run('docker', 'compose', 'stop');
    fs.rmSync(state, { recursive: true });
  });

  const isUp = (): boolean => fs.existsSync(path.join(state, 'pid'));

  async function run(command: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(command, args, { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
  }

  const script = (...args: string[]) => run(process.execPath, 'scripts/backup.mjs', ...args);

  /** What Prometheus counted up to a moment; waits until it answers. */
  async function samples(at?: number): Promise<number> {
    for (;;) {
      const query = `http://${env.ADDRESS}/api/v1/query?query=count_over_time(up[1h])${at ? `&time=${at}` : ''}`;
      // Until it is ready it refuses, or answers 503 in plain text.
      const answer = (await fetch(query)
        .then((response) => response.json())
        .catch(() => undefined)) as { data?: { result: { value: [number, string] }[] } } | undefined;
      if (answer?.data) return Number(answer.data.result[0]?.value[1] ?? 0);
      await sleep(50);
    }
  }

  async function grownBeyond(count: number): Promise<number> {
    for (;;) {
      const now = await samples();
      if (now > count) return now;
      await sleep(50);
    }
  }

  let file: string;
  let moment: number;
  let then: number;

  it('packs what Prometheus has, and leaves it running and without a trace', async () => {
    await grownBeyond(5);
    moment = Date.now() / 1000;
    then = await samples(moment);
    const { code, output } = await script(backups);
    assert.equal(code, 0, output);
    assert.equal(isUp(), true);
    file = path.join(backups, fs.readdirSync(backups)[0]!);
    assert.match(path.basename(file), /^prometheus-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.tar\.gz$/);
    assert.deepEqual(
      fs.readdirSync(data).filter((name) => name.startsWith('.')),
      [],
    );
    assert.equal(fs.readdirSync(backups).length, 1);
    await grownBeyond(await samples());
  });

  it('asks before it replaces anything', async () => {
    const { code, output } = await script('--restore', file);
    assert.deepEqual([code, output.includes('--yes')], [1, true]);
  });

  it('refuses a file that is no whole backup, and changes nothing', async () => {
    const broken = path.join(state, 'broken.tar.gz');
    const whole = fs.readFileSync(file);
    fs.writeFileSync(broken, whole.subarray(0, whole.length / 2));
    const before = await samples();
    const { code, output } = await script('--restore', broken, '--yes');
    assert.deepEqual([code, output.includes('nothing was changed')], [1, true]);
    assert.equal(isUp(), true);
    assert.ok((await samples()) >= before);
    assert.deepEqual(
      fs.readdirSync(data).filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('restores into an empty volume what was there then', async () => {
    await run('docker', 'compose', 'stop');
    for (const name of fs.readdirSync(data)) fs.rmSync(path.join(data, name), { recursive: true });
    await run('docker', 'compose', 'start');
    assert.equal(await samples(moment), 0);
    const { code, output } = await script('--restore', file, '--yes');
    assert.equal(code, 0, output);
    assert.equal(await samples(moment), then);
    await grownBeyond(then);
  });

  it('says in one line that there is no Docker', async () => {
    const child = spawn(process.execPath, ['scripts/backup.mjs', backups], {
      env: { ...env, PATH: '/nowhere' },
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual([code, said], [1, 'docker is not on PATH\n']);
  });
});
