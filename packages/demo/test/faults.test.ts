import type { Postgres, Redis } from '@earntrack/local-servers';
import assert from 'node:assert/strict';
import express, { type RequestHandler } from 'express';
import { createApp } from '../src/backend/app';
import { errorHandler } from '../src/backend/http/error-handler';
import { type Running, serve } from '../src/backend/serve';
import { openServices, type Services } from '../src/backend/services';
import { flushRepeatedly, withFaults } from '../src/faults/faulty-services';
import { faultsRouter } from '../src/faults/router';
import { Switchboard } from '../src/faults/switchboard';
import { type DatabaseSandbox, databaseSandbox, type RedisSandbox, redisSandbox } from '../src/run/sandbox';
import { testPostgres, testRedis } from './support/servers';

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the faults of the demo', () => {
  let servers: [Postgres, Redis];
  let database: DatabaseSandbox;
  let keys: RedisSandbox;
  let services: Services;
  let running: Running;
  let from = '127.0.0.1';
  const { error: logged } = console;

  const fromElsewhere: RequestHandler = (request, _response, next) => {
    Object.defineProperty(request.socket, 'remoteAddress', { value: from, configurable: true });
    next();
  };

  before(async () => {
    console.error = () => {};
    servers = await Promise.all([testPostgres(), testRedis()]);
    database = await databaseSandbox(servers[0]);
    keys = redisSandbox(servers[1]);
    const config = { port: 0, databaseUrl: database.url, redisUrl: servers[1].url, redisPrefix: keys.prefix, sampleData: true };
    const faults = new Switchboard();
    services = withFaults(await openServices(config), faults);
    flushRepeatedly(services.cache, keys.prefix, faults);
    const app = express();
    app.use('/faults', fromElsewhere, faultsRouter(faults), errorHandler);
    app.use(createApp(services));
    running = await serve(app, services, 0);
  });

  after(async () => {
    await running.stop();
    await Promise.all([database.remove(), keys.remove()]);
    await Promise.all(servers.map((server) => server.stop()));
    console.error = logged;
  });

  const send = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${running.port}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });

  it('are turned on by name, from this machine alone', async () => {
    assert.equal((await send('/faults/earthquake', 'POST')).status, 400);
    from = '192.0.2.7';
    assert.equal((await send('/faults/errors', 'POST')).status, 403);
    from = '::ffff:127.0.0.1';
    assert.equal((await send('/faults/errors?seconds=1', 'POST')).status, 202);
  });

  it('make routes fail as a broken database would', async () => {
    await send('/faults/errors?seconds=60', 'POST');
    await until(async () => (await send('/api/users')).status === 500);
    await send('/faults/errors?seconds=1', 'POST');
  });

  it('make the report query slow without changing what it finds', async () => {
    const month = new Date().toISOString().slice(0, 7);
    let expected: unknown;
    // A query may still fail: by the fault of the test before, which lasts a second, and once in a while at rest.
    await until(async () => {
      const plain = await send(`/api/reports/platforms/${month}`);
      expected = await plain.json();
      return plain.status === 200;
    });
    await send('/faults/slow-queries?seconds=60', 'POST');
    await until(async () => {
      await services.cache.drop(`report:all:${month}`);
      const start = performance.now();
      const response = await send(`/api/reports/platforms/${month}`);
      if (response.status !== 200 || performance.now() - start < 200) return false;
      assert.deepEqual(await response.json(), expected);
      return true;
    });
  });

  it('empty the cache, and leave the jobs in the same Redis alone', async () => {
    const { redis } = services.cache;
    await until(async () => {
      await send('/api/users/3');
      return (await redis!.exists('user:3')) === 1;
    });
    await send('/faults/flushed-cache?seconds=60', 'POST');
    await until(async () => (await redis!.exists('user:3')) === 0);
    assert.equal(await redis!.exists('bull:earntrack:meta'), 1);
  });

  it('make a job fail for good, which settles the payout as failed', async () => {
    await send('/faults/failing-jobs?seconds=60', 'POST');
    const failed = async (): Promise<boolean> => {
      const payouts = (await (await send('/api/users/5/payouts')).json()) as { status: string }[] | { error: string };
      return Array.isArray(payouts) && payouts.some(({ status }) => status === 'failed');
    };
    // The fault strikes most attempts, not all, and the list shows a user's last 50: twenty payouts, of which a dozen fail for good.
    for (let payout = 0; payout < 20; payout++) await send('/api/users/5/payouts', 'POST', { amountCents: 100 });
    await until(failed);
  });
});
