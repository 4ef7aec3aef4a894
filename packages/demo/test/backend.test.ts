import type { Postgres, Redis } from '@earntrack/local-servers';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createApp } from '../src/backend/app';
import { type Running, serve } from '../src/backend/serve';
import { openServices, type Services } from '../src/backend/services';
import { type DatabaseSandbox, databaseSandbox, type RedisSandbox, redisSandbox } from '../src/run/sandbox';
import { testPostgres, testRedis } from './support/servers';

interface Answer {
  status: number;
  body: any;
}

describe('the reference backend', () => {
  let postgres: Postgres;
  let redis: Redis;
  let database: DatabaseSandbox;
  let keys: RedisSandbox;
  let services: Services;
  let running: Running;

  const { error: logged } = console;

  before(async () => {
    console.error = () => {};
    [postgres, redis] = await Promise.all([testPostgres(), testRedis()]);
    database = await databaseSandbox(postgres);
    keys = redisSandbox(redis);
    [services, running] = await start(redis.url);
  });

  after(async () => {
    await running.stop();
    await Promise.all([database.remove(), keys.remove()]);
    await Promise.all([postgres.stop(), redis.stop()]);
    console.error = logged;
  });

  async function start(redisUrl: string | undefined): Promise<[Services, Running]> {
    const opened = await openServices({ port: 0, databaseUrl: database.url, redisUrl, redisPrefix: keys.prefix, sampleData: true });
    return [opened, await serve(createApp(opened), opened, 0)];
  }

  async function send(method: string, path: string, body?: unknown, { to = running, token = '' } = {}): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${to.port}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async function eventually(path: string, wanted: (body: any) => boolean): Promise<void> {
    for (;;) {
      if (wanted((await send('GET', path)).body)) return;
      await sleep(50);
    }
  }

  it('is healthy', async () => {
    assert.deepEqual(await send('GET', '/health'), { status: 200, body: { status: 'ok', database: true, redis: true } });
  });

  it('reads a user through the cache, which a change clears', async () => {
    assert.equal((await send('GET', '/api/users/7')).body.name, 'Driver 7');
    await services.database.query(`UPDATE users SET name = 'Unseen' WHERE id = 7`);
    assert.equal((await send('GET', '/api/users/7')).body.name, 'Driver 7');
    await send('PATCH', '/api/users/7', { name: 'Ada' });
    assert.equal((await send('GET', '/api/users/7')).body.name, 'Ada');
  });

  it('reads many users, from the cache and from the database, in the order asked for', async () => {
    await send('GET', '/api/users/9');
    const { body } = await send('GET', '/api/users?ids=8,9,99999,8,10');
    assert.deepEqual(
      body.map(({ id }: { id: number }) => id),
      [8, 9, 10],
    );
  });

  it('knows a session by its token, also from the cache', async () => {
    const token = '00000000-0000-4000-8000-000000000042';
    const first = await send('GET', '/api/session', undefined, { token });
    assert.deepEqual(first, { status: 200, body: { userId: '42', name: 'Driver 42', currency: 'GBP' } });
    await services.database.query('DELETE FROM sessions WHERE user_id = 42');
    assert.deepEqual(await send('GET', '/api/session', undefined, { token }), first);
    assert.equal((await send('GET', '/api/session')).status, 401);
  });

  const refused: [string, string, unknown, number, RegExp][] = [
    ['GET', '/api/users/me', undefined, 400, /^id must be/],
    ['GET', '/api/users/99999', undefined, 404, /^user not found/],
    ['GET', '/nothing/here', undefined, 404, /not found/],
    ['POST', '/api/users', '{"name":', 400, /JSON/],
    ['POST', '/api/users', { name: 'B', email: 'driver1@example.com', currency: 'USD' }, 409, /email/],
    ['POST', '/api/users/1/earnings', { platform: 'horse', amountCents: 1, earnedOn: '2026-01-01' }, 400, /^platform/],
    ['POST', '/api/users/1/earnings', { platform: 'uber', amountCents: -1, earnedOn: '2026-01-01' }, 400, /^amountCents/],
    ['POST', '/api/users/1/earnings', { platform: 'uber', amountCents: 1, earnedOn: '2026-99-99' }, 400, /^earnedOn/],
    ['POST', '/api/users/1/payouts', { amountCents: 2_000_000_000 }, 409, /balance/],
  ];
  for (const [method, path, body, status, message] of refused) {
    it(`answers ${status} to ${method} ${path} with ${JSON.stringify(body) ?? 'nothing'}, saying why`, async () => {
      const answer = await send(method, path, body);
      assert.equal(answer.status, status);
      assert.match(answer.body.error, message);
    });
  }

  it('tells those who listen of a new earning', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.port}/live`);
    await once(socket, 'open');
    const told = once(socket, 'message');
    const { status, body } = await send('POST', '/api/users/3/earnings', { platform: 'lyft', amountCents: 4200, earnedOn: '2026-01-31' });
    assert.equal(status, 201);
    assert.deepEqual(JSON.parse(String((await told)[0])), { type: 'earning', earning: body });
    socket.close();
  });

  it('sends a payout in the background', async () => {
    const { status, body } = await send('POST', '/api/users/5/payouts', { amountCents: 500 });
    assert.deepEqual([status, body.status], [202, 'pending']);
    await eventually(`/api/payouts/${body.id}`, (payout) => payout.status === 'sent');
  });

  it('builds a report in the background that agrees with the one asked for', async () => {
    const month = new Date().toISOString().slice(0, 7);
    await send('POST', '/api/users/6/reports', { month });
    await eventually('/api/users/6/reports', (reports) => reports.length === 1);
    const [stored] = (await send('GET', '/api/users/6/reports')).body;
    assert.deepEqual(stored.platforms, (await send('GET', `/api/users/6/reports/${month}`)).body.platforms);
  });

  it('runs without Redis: nothing is cached, and what needs a job says so', async () => {
    const [, bare] = await start(undefined);
    assert.equal((await send('GET', '/health', undefined, { to: bare })).body.redis, 'off');
    assert.equal((await send('GET', '/api/users/11', undefined, { to: bare })).status, 200);
    const { status, body } = await send('POST', '/api/users/11/payouts', { amountCents: 500 }, { to: bare });
    assert.deepEqual([status, body.error], [503, 'payouts are switched off: REDIS_URL is not set']);
    await bare.stop();
  });

  it('answers a broken database with a 500 that says nothing of its insides', async () => {
    const [opened, broken] = await start(undefined);
    await opened.database.close();
    assert.deepEqual(await send('GET', '/api/users/1', undefined, { to: broken }), { status: 500, body: { error: 'internal error' } });
    assert.equal((await send('GET', '/health', undefined, { to: broken })).status, 503);
    await broken.stop().catch(() => {});
  });
});
