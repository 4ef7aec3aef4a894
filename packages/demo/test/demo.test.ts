import type { Postgres, Redis } from '@earntrack/local-servers';
import { freePort } from '@earntrack/local-servers';
import { Redis as RedisClient } from 'ioredis';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { prometheusConfig } from '../src/run/prometheus';
import { isFree } from '../src/run/ports';
import { testPostgres, testRedis } from './support/servers';

const CLI = path.join(__dirname, '../src/cli.js');

async function untilUp(child: ChildProcess, output: () => string): Promise<void> {
  while (!output().includes('/metrics')) {
    assert.equal(child.exitCode, null, output());
    await sleep(50);
  }
}

describe('npm run demo', () => {
  let postgres: Postgres;
  let redis: Redis;

  before(async () => {
    [postgres, redis] = await Promise.all([testPostgres(), testRedis()]);
  });

  after(() => Promise.all([postgres.stop(), redis.stop()]));

  /** Without a PATH there is no Prometheus, whose port the other tests may need. */
  function start(args: string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; output: () => string } {
    const servers = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, ...servers, PATH: '', ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { child, output: () => output };
  }

  async function run(args: string[], env?: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
    const { child, output } = start(args, env);
    const [code] = (await once(child, 'close')) as [number];
    return { code, output: output() };
  }

  async function inDatabase(sql: string): Promise<{ trace: string }[]> {
    const client = new Client(postgres.url);
    await client.connect();
    const { rows } = await client.query<{ trace: string }>(sql);
    await client.end();
    return rows;
  }

  const schemas = (): Promise<{ trace: string }[]> => inDatabase(`SELECT nspname AS trace FROM pg_namespace WHERE nspname LIKE 'earntrack_demo%'`);

  async function traces(): Promise<string[]> {
    const client = new RedisClient(redis.url);
    const keys = await client.keys('earntrack-demo*');
    await client.quit();
    return [...(await schemas()).map(({ trace }) => trace), ...keys];
  }

  /** Of a demo that could not tidy up. */
  async function removeTraces(): Promise<void> {
    for (const { trace } of await schemas()) await inDatabase(`DROP SCHEMA ${trace} CASCADE`);
    const client = new RedisClient(redis.url);
    const keys = await client.keys('earntrack-demo*');
    if (keys.length > 0) await client.unlink(keys);
    await client.quit();
  }

  it('shows what /metrics says, ends after --seconds with a summary that agrees with the driver, and leaves nothing behind', async () => {
    const port = await freePort();
    const { code, output } = await run(['--port', String(port), '--seconds', '12']);
    assert.equal(code, 0, output);
    assert.match(output, /\/metrics and the load driver counted the same requests/);
    assert.match(output, /REQUESTS[^]*GET \/api\/users\/:id +\d+\.\d +\d/);
    assert.match(output, /^select earnings +\d+ +[\d.]+ +[\d.]+ +\d+$/m);
    assert.match(output, /^Cache hits  .*\bsession \d+ % of \d+/m);
    assert.match(output, /^Jobs .*send-payout \d+ completed/m);
    assert.match(output, /^Sockets +(\d+) accepted \(driver: \1\)$/m);
    assert.match(output, /^Earnings .*uber [1-9]/m);
    assert.deepEqual([await isFree(port), await traces()], [true, []]);
  });

  it('ends with 1 and names what differs, if someone else was served too', async () => {
    const port = await freePort();
    const { child, output } = start(['--port', String(port), '--seconds', '3']);
    const closed = once(child, 'close');
    await untilUp(child, output);
    // After the first scrape, which is what the counts are compared with.
    await sleep(1_500);
    await fetch(`http://127.0.0.1:${port}/nobody/else/asks/for/this`, { method: 'DELETE' });
    assert.equal((await closed)[0], 1, output());
    assert.match(output(), /do not agree:\n  DELETE 404 unmatched: \/metrics 1, driver 0\n$/);
  });

  it('runs without Redis, saying what is switched off', async () => {
    const port = await freePort();
    const { code, output } = await run(['--port', String(port), '--seconds', '2'], { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    assert.equal(code, 0, output);
    assert.match(output, /runs without cache and without jobs/);
  });

  for (const [signal, expected] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`leaves nothing running after ${signal}`, async () => {
      const port = await freePort();
      const { child, output } = start(['--port', String(port)]);
      const closed = once(child, 'close');
      await untilUp(child, output);
      child.kill(signal);
      assert.deepEqual([(await closed)[0], await isFree(port), await traces()], [expected, true, []]);
    });
  }

  it('takes its backend along when it is killed', async () => {
    const port = await freePort();
    const { child, output } = start(['--port', String(port)]);
    await untilUp(child, output);
    child.kill('SIGKILL');
    while (!(await isFree(port))) await sleep(50);
    await removeTraces();
  });

  it('names --port in one line when the port is taken', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, output } = await run(['--port', String(port)]);
    taken.close();
    assert.equal(code, 1);
    assert.match(output, new RegExp(`^demo: port ${port} is taken: .*--port ${port + 1}\n$`));
  });

  it('refuses a flag that it does not know, or a value that it cannot take, and tells the usage', async () => {
    for (const args of [['--sekonds', '3'], ['--seconds', 'many'], ['--port', '70000'], ['now']]) {
      const { code, output } = await run(args);
      assert.equal(code, 2, output);
      assert.ok(output.includes(args[0]!) && output.includes('Usage: npm run demo'), output);
    }
  });

  it("gives Prometheus the repository's settings, with the target on this machine", () => {
    const settings = readFileSync(path.join(__dirname, '../../../../prometheus.yml'), 'utf8');
    const rendered = prometheusConfig(settings, 4711);
    assert.match(rendered, /job_name: 'earntrack-backend'[^]*scrape_interval: 15s[^]*targets: \['127\.0\.0\.1:4711'\]/);
    assert.ok(!rendered.includes('host.docker.internal'));
    for (const [, file] of rendered.matchAll(/^ {2}- '(.+\.yml)'$/gm)) assert.ok(existsSync(file!), `${file} is there`);
    assert.match(rendered, /prometheus_alerts\.yml/);
  });
});
