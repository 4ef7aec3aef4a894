import type { Postgres, Redis } from '@earntrack/local-servers';
import { freePort } from '@earntrack/local-servers';
import { Redis as RedisClient } from 'ioredis';
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { WebSocket } from 'ws';
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

/** Loaded into the demo, not into its backend: what it reads from /metrics is then wrong. */
const PLANT = path.join(__dirname, '../../../../test/fixtures/wrong-count.cjs');
const WRONG_BY = JSON.stringify({
  'method="GET",status="200",endpoint="/api/users/:id"': -1,
  'method="GET",status="404",endpoint="unmatched"': 1,
  'method="DELETE",status="404",endpoint="unmatched"': -1,
});

const escaped = (text: string): string => text.replace(/[/.*?+]/g, '\\$&');

/** Opens what the demo prints, over several connections, as a browser does. @returns what of it the backend is asked for, and how often */
async function visitAsBrowser(port: number): Promise<Record<string, number>> {
  const origin = `http://127.0.0.1:${port}`;
  const asks: [method: string, path: string, status: number][] = [
    ['GET', '/metrics', 200],
    ['GET', '/metrics/live', 200],
    ['HEAD', '/metrics', 200],
    ['GET', '/favicon.ico', 404],
    ['GET', '/health', 200],
    ['HEAD', '/health', 200],
    ['GET', '/', 404],
    ['GET', '/API/Users/7/?secret=1', 200],
    ['OPTIONS', '/api/users', 200],
    ['POST', '/api/users', 400],
    ['PROPFIND', '/api/users', 404],
    ['GET', '/api/users/%zz', 400],
  ];
  await Promise.all(asks.map(async ([method, asked, status]) => assert.equal(await ask(origin + asked, method), status, `${method} ${asked}`)));
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
  await once(socket, 'open');
  socket.close();
  // Left before it is answered.
  const left = http.get(`${origin}/api/users/1/reports/2026-01`).on('error', () => {});
  left.once('socket', (wire) => wire.once('connect', () => left.destroy()));
  const seen = asks.filter(([, asked]) => !asked.startsWith('/metrics'));
  return Object.fromEntries(seen.map(([method, asked, status]) => [`${method} ${asked.replace(/\?.*/, '')} ${status}`, 1]));
}

function ask(url: string, method: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent: false }, (response) => response.resume().on('end', () => resolve(response.statusCode!)));
    request.on('error', reject).end();
  });
}

/** Asks again and again over one connection, until it is told to stop or refused. */
async function loadTool(port: number, over: AbortSignal): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let refused = false; !refused && !over.aborted;) {
    refused = await new Promise((resolve) => {
      http
        .get({ port, host: '127.0.0.1', path: '/load', agent }, (response) => response.resume().on('close', () => resolve(false)))
        .on('error', () => resolve(true));
    });
  }
  agent.destroy();
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

  it('shows what /metrics says and what may be opened, ends after --seconds with a summary that agrees with the driver, and leaves nothing behind', async () => {
    const port = await freePort();
    const { code, output } = await run(['--port', String(port), '--seconds', '12']);
    assert.equal(code, 0, output);
    assert.match(output, /\/metrics and the load driver counted the same requests: \d+\.$/m);
    assert.match(output, /REQUESTS[^]*GET \/api\/users\/:id +\d+\.\d +\d/);
    assert.match(output, /^select earnings +\d+ +[\d.]+ +[\d.]+ +\d+$/m);
    assert.match(output, /^Cache hits  .*\bsession \d+ % of \d+/m);
    assert.match(output, /^Jobs .*send-payout \d+ completed/m);
    assert.match(output, /^Sockets +(\d+) accepted \(driver: \1\)$/m);
    assert.match(output, /^Earnings .*uber [1-9]/m);
    const picture = output.slice(output.indexOf('EarnTrack  '), output.indexOf('Requests '));
    for (const url of ['/metrics', '/metrics/live', '/api/users'])
      assert.ok(picture.includes(`http://localhost:${port}${url}`), `${url} in ${picture}`);
    assert.match(picture, /^VISITORS +nobody but the load driver has asked yet$/m);
    assert.deepEqual([await isFree(port), await traces()], [true, []]);
  });

  it('ends with 0 and says what visitors asked for: a browser, and a load tool until the very end', async () => {
    const port = await freePort();
    const { child, output } = start(['--port', String(port), '--seconds', '4']);
    const closed = once(child, 'close');
    await untilUp(child, output);
    const over = new AbortController();
    const tool = [loadTool(port, over.signal), loadTool(port, over.signal)];
    const expected = await visitAsBrowser(port);
    const [code] = (await closed) as [number];
    over.abort();
    await Promise.all(tool);
    assert.equal(code, 0, output());
    const shown = (request: string): number => Number(new RegExp(`^${escaped(request)} +(\\d+)$`, 'm').exec(output())?.[1] ?? 0);
    for (const [request, count] of Object.entries(expected)) assert.equal(shown(request), count, `${request} in ${output()}`);
    assert.ok(shown('GET /load 404') > 10, output());
    assert.match(output(), /^\/metrics, driver and backend counted the same requests: \d+, \d+ of them visitors'\.$/m);
    assert.match(output(), /^Sockets +\d+ accepted \(driver: \d+, visitors: 1\)$/m);
  });

  it('ends with 1 and names what differs, if /metrics has lost requests of the driver and of a visitor, and counted one twice', async () => {
    const port = await freePort();
    const { child, output } = start(['--port', String(port), '--seconds', '2'], { NODE_OPTIONS: `--require ${JSON.stringify(PLANT)}`, WRONG_BY });
    const closed = once(child, 'close');
    await untilUp(child, output);
    // The series to plant in must exist.
    for (const method of ['DELETE', 'GET']) await fetch(`http://127.0.0.1:${port}/nobody/else/asks/for/this`, { method });
    assert.equal((await closed)[0], 1, output());
    assert.match(output(), /do not agree:\n {2}GET 200 \/api\/users\/:id: \/metrics (\d+), driver (?!\1)\d+\n/);
    assert.match(output(), /^ {2}DELETE 404: \/metrics 0, the backend's book 1 \(driver 0, visitors 1\)$/m);
    assert.match(output(), /^ {2}GET 404: \/metrics (\d+), the backend's book (?!\1)\d+ /m);
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
