// An application that nobody here wrote, from npm, untouched: redis-commander, on Express 4 and ioredis 5.

import assert from 'node:assert/strict';
import path from 'node:path';
import { freePort, npmPackages, startRedis, type Redis as RedisServer } from '@earntrack/local-servers';
import { Redis } from 'ioredis';
import { fixtures, PRELOAD, startApp, type App } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';

describe('redis-commander with the preload', () => {
  let server: RedisServer;
  let client: Redis;
  let app: App;
  let origin: string;
  let connection: string;

  before(async function () {
    this.timeout(300_000);
    const packages = await npmPackages('foreign-app', path.join(fixtures, 'foreign-app'), console.log);
    server = await startRedis({ fresh: true });
    client = new Redis(server.url);
    const { hostname, port, password } = new URL(server.url);
    const own = await freePort();
    const options = ['--address', '127.0.0.1', '--port', String(own), '--redis-host', hostname, '--redis-port', port, '--redis-password', password];
    app = await startApp(path.join(packages, 'redis-commander/bin/redis-commander.js'), {
      flags: PRELOAD,
      args: [...options, '--no-save', '--noload'],
      silent: true,
    });
    origin = `http://127.0.0.1:${own}`;
    connection = `R:${hostname}:${port}:0`;
    await app.said('access with browser at');
  });
  after(async () => {
    await app?.stop();
    client?.disconnect();
    await server?.stop();
  });

  it('has its requests, by template, and its cache reads counted exactly', async () => {
    await client.mset('user:1', 'one', 'user:2', 'two', 'rates:usd', '1.1');
    await client.hset('session:9', 'name', 'Ada');
    await client.config('RESETSTAT');
    const get = async (key: string): Promise<number> => (await fetch(`${origin}/apiv2/key/${connection}/${key}`)).status;
    for (const key of ['user:1', 'user:2', 'user:1', 'rates:usd', 'session:9']) assert.equal(await get(key), 200);
    for (const unknown of ['/nowhere/1', '/nowhere/2']) assert.equal((await fetch(origin + unknown)).status, 404);
    assert.equal((await fetch(`${origin}/connections`)).status, 200);

    const port = Number(new URL(origin).port);
    const total = (series: Record<string, number>): number => Object.values(series).reduce((sum, count) => sum + count, 0);
    const samples = await scrapeUntil(port, (now) => total(seriesOf(now, 'http_requests_total')) >= 8);
    assert.deepEqual(seriesOf(samples, 'http_requests_total'), {
      'endpoint="/apiv2/key/:connectionId/:key(*)",method="GET",status="200"': 5,
      'endpoint="unmatched",method="GET",status="404"': 2,
      'endpoint="/connections",method="GET",status="200"': 1,
    });
    assert.deepEqual(seriesOf(samples, 'cache_hits_total'), { 'cache_type="user"': 3, 'cache_type="rates"': 1, 'cache_type="session"': 1 });
    assert.equal(total(seriesOf(samples, 'cache_misses_total')), 0);
    assert.deepEqual(app.log(), []);
  });
});
