import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Client, Pool, QueryConfig } from 'pg';
import { databaseUrl, freshPg, watchPg } from './pg-watched';

const SELECT = 'SELECT * FROM pg_class LIMIT 1';
type Callback = (error: Error | null, result: { rows: { one: number }[] }) => void;

describe('A query through node-postgres', () => {
  const watched = watchPg();
  let client: Client;
  let pool: Pool;

  before(async () => {
    client = new watched.pg.Client(databaseUrl());
    pool = new watched.pg.Pool({ connectionString: databaseUrl(), max: 4 });
    await client.connect();
    await client.query('CREATE TEMP TABLE "Users" (id int)');
    watched.labels();
  });
  after(async () => {
    await client.end();
    await pool.end();
  });

  it('is counted once under its type and table, with its time in seconds', async () => {
    const { rows } = await client.query('SELECT 1 AS one FROM "Users" RIGHT JOIN (VALUES (1)) v ON true');
    assert.deepEqual(rows, [{ one: 1 }]);
    assert.ok(watched.recorded[0]!.seconds > 0 && watched.recorded[0]!.seconds < 60);
    assert.deepEqual(watched.labels(), ['select Users']);
  });

  it('is counted once in every form of the call', async () => {
    const text = 'SELECT $1::int AS one FROM pg_class LIMIT 1';
    const plain = 'SELECT 1 AS one FROM pg_class LIMIT 1';
    const results = [
      await called((done) => client.query(plain, done)),
      await called((done) => client.query(text, [1], done)),
      await called((done) => client.query({ text, values: [1] } as never, done as never)),
      await called((done) => client.query({ text } as never, [1] as never, done as never)),
      await called((done) => client.query({ text, values: [1], callback: done } as QueryConfig)),
      await called((done) => pool.query(plain, done)),
      await called((done) => pool.query(text, [1], done)),
      (await client.query(text, [1])).rows[0].one,
      (await client.query({ text, values: [1] })).rows[0].one,
      (await client.query({ name: 'prepared', text, values: [1] })).rows[0].one,
      (await client.query({ name: 'prepared', text, values: [1] })).rows[0].one,
      (await client.query({ name: 'prepared', values: [1] } as QueryConfig)).rows[0].one,
      (await client.query({ text, values: [1], rows: 1 } as QueryConfig)).rows[0].one,
      (await pool.query(text, [1])).rows[0].one,
      (await pool.query({ text, values: [1], name: 'pooled' })).rows[0].one,
    ];
    assert.deepEqual(new Set(results), new Set([1]));
    assert.deepEqual(
      watched.labels(),
      results.map(() => 'select pg_class'),
    );
  });

  it('leaves the configuration as the app wrote it, also when it is used again', async () => {
    const calls: number[] = [];
    const callback = (): void => void calls.push(1);
    const config = Object.freeze({ text: SELECT, callback });
    void client.query(config as QueryConfig);
    void client.query(config as QueryConfig);
    await client.query('SELECT 1');
    assert.equal(config.callback, callback);
    assert.equal(calls.length, 2);
    assert.deepEqual(watched.labels(), ['select pg_class', 'select pg_class', 'select none']);
  });

  it('may come as an object of a class of the app', async () => {
    class Statement {
      readonly parts = ['SELECT 1 AS one', 'FROM pg_class LIMIT 1'];
      get text(): string {
        return this.parts.join(' ');
      }
    }
    await client.query(new Statement() as QueryConfig);
    await new Promise((resolve) => void client.query(Object.assign(new Statement(), { callback: resolve }) as QueryConfig));
    assert.deepEqual(watched.labels(), ['select pg_class', 'select pg_class']);
  });

  it('keeps its own label among concurrent ones', async () => {
    const tables = ['pg_class', 'pg_type', 'pg_proc', 'pg_index'];
    await Promise.all(Array.from({ length: 40 }, (_, i) => pool.query(`SELECT 1 FROM ${tables[i % 4]} LIMIT ${i + 1}`)));
    const counts: Record<string, number> = {};
    for (const label of watched.labels()) counts[label] = (counts[label] ?? 0) + 1;
    assert.deepEqual(counts, { 'select pg_class': 10, 'select pg_type': 10, 'select pg_proc': 10, 'select pg_index': 10 });
  });

  it('is counted when it fails, and fails as it would without us', async () => {
    async function applicationCode(): Promise<void> {
      await client.query('SELECT * FROM nowhere');
    }
    await client.query({ name: 'taken', text: SELECT });
    watched.labels();
    const error = await applicationCode().then(
      () => assert.fail('it succeeded'),
      (thrown: Error & { code?: string }) => thrown,
    );
    assert.equal(error.code, '42P01');
    assert.match(error.stack!, /applicationCode/);
    const viaCallback = await new Promise<Error>((resolve) => client.query('SELECT * FROM nowhere', resolve));
    assert.equal((viaCallback as { code?: string }).code, '42P01');
    await assert.rejects(pool.query('SELECT * FROM nowhere'), { code: '42P01' });
    await assert.rejects(client.query({ name: 'taken', text: 'SELECT 2 FROM pg_type' }), /must be unique/);
    await assert.rejects(client.query('SELEC'), { code: '42601' });
    assert.deepEqual(watched.labels(), ['select nowhere', 'select nowhere', 'select nowhere', 'select pg_type', 'other none']);
  });

  it('is counted when the call itself throws', () => {
    assert.throws(() => client.query(null as never), /null or undefined query/);
    assert.throws(() => client.query('SELECT 1 FROM pg_class', [], 'no function' as never), /not a function/);
    const failing = {
      get text(): string {
        throw new RangeError('from a getter of the app');
      },
    };
    assert.throws(() => client.query(failing), RangeError);
    assert.deepEqual(watched.labels(), ['other none', 'select pg_class', 'other none']);
  });

  it('is one count for several statements in one text, under the first that is not other', async () => {
    await client.query('BEGIN; UPDATE "Users" SET id = 1; DELETE FROM "Users"; COMMIT');
    assert.deepEqual(watched.labels(), ['update Users']);
  });

  it('calls back in the context of the caller, with the arguments and this of node-postgres', async () => {
    const storage = new AsyncLocalStorage<string>();
    await storage.run('promise', async () => {
      await client.query(SELECT);
      assert.equal(storage.getStore(), 'promise');
    });
    await new Promise<void>((resolve, reject) => {
      client.query(SELECT, function (this: unknown, ...args: unknown[]) {
        const isQuery = this instanceof (watched.pg as unknown as { Query: new () => object }).Query;
        if (isQuery && args.length === 2 && args[0] === null) resolve();
        else reject(new Error('other arguments than without us'));
      });
    });
    watched.labels();
  });

  it('gives the promise of the class that the app asked for', async () => {
    class AppPromise<T> extends Promise<T> {}
    const own = new watched.pg.Client({ connectionString: databaseUrl(), Promise: AppPromise } as never);
    await own.connect();
    const promise = own.query(SELECT);
    assert.ok(promise instanceof AppPromise);
    await promise;
    await own.end();
    assert.deepEqual(watched.labels(), ['select pg_class']);
  });

  it('is counted at its time-out, and once', async () => {
    const own = new watched.pg.Client({ connectionString: databaseUrl(), query_timeout: 50 });
    await own.connect();
    await assert.rejects(own.query('SELECT pg_sleep(0.3) FROM pg_class LIMIT 1'), /timeout/);
    const viaCallback = await new Promise<Error>((resolve) => own.query('SELECT pg_sleep(0.3) FROM pg_type LIMIT 1', resolve));
    assert.match(viaCallback.message, /timeout/);
    await own.end();
    assert.deepEqual(watched.labels(), ['select pg_class', 'select pg_type']);
  });

  it('is counted when the connection dies, whether it was running or waiting its turn', async () => {
    const own = new watched.pg.Client(databaseUrl());
    own.on('error', () => {});
    await own.connect();
    const { rows } = await own.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = [own.query('SELECT pg_sleep(60) FROM pg_class LIMIT 1'), own.query('DELETE FROM "Users"')];
    await client.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    const states = (await Promise.allSettled(lost)).map(({ status }) => status);
    await assert.rejects(own.query('UPDATE "Users" SET id = 2'), /not queryable/);
    assert.deepEqual(states, ['rejected', 'rejected']);
    assert.deepEqual(watched.labels().toSorted(), ['delete Users', 'select none', 'select none', 'select pg_class', 'update Users']);
  });

  it('has the method of the app’s own class above ours, and is still one', async () => {
    class Logged extends watched.pg.Client {
      override query(...args: unknown[]): never {
        return super.query(...(args as [string])) as never;
      }
    }
    const own = new Logged(databaseUrl());
    await own.connect();
    await (own as Client).query(SELECT);
    await own.end();
    assert.deepEqual(watched.labels(), ['select pg_class']);
  });
});

/** Calls with a callback, and waits for the number that comes back. */
function called(call: (done: Callback) => unknown): Promise<number> {
  return new Promise((resolve, reject) => void call((error, result) => (error ? reject(error) : resolve(result.rows[0]!.one))));
}

describe('The hook on node-postgres', () => {
  it('sees each of several copies of the library', async () => {
    const copies = [watchPg(freshPg()), watchPg(freshPg())];
    assert.notEqual(copies[0]!.pg.Client, copies[1]!.pg.Client);
    for (const { pg, labels } of copies) {
      const client = new pg.Client(databaseUrl());
      await client.connect();
      await client.query(SELECT);
      await client.end();
      assert.deepEqual(labels(), ['select pg_class']);
    }
  });

  it('leaves the method’s name and length', () => {
    const [plain, { pg }] = [freshPg(), watchPg()];
    const own = pg.Client.prototype.query as unknown as Function;
    const original = plain.Client.prototype.query as unknown as Function;
    assert.notEqual(own, original);
    assert.deepEqual([own.name, own.length], [original.name, original.length]);
  });

  it('does the app no harm when recording fails', async () => {
    const { pg } = watchPg(freshPg(), () => {
      throw new Error('a fault of ours');
    });
    const client = new pg.Client(databaseUrl());
    await client.connect();
    assert.equal((await client.query(SELECT)).rowCount, 1);
    await new Promise<void>((resolve, reject) => client.query(SELECT, (error) => (error ? reject(error) : resolve())));
    await client.end();
  });
});
