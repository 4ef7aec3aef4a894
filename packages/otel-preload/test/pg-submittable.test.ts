import assert from 'node:assert/strict';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import type { Client } from 'pg';
import { databaseUrl, watchPg } from './pg-watched';

const Cursor = require('pg-cursor') as new (text: string, values?: unknown[]) => AppCursor;
const QueryStream = require('pg-query-stream') as new (text: string, values?: unknown[], config?: object) => Readable & { cursor: object };
const { from: copyFrom, to: copyTo } = require('pg-copy-streams') as { from(text: string): Writable; to(text: string): Readable };

interface AppCursor {
  read(rows: number): Promise<unknown[]>;
  close(): Promise<void>;
}

describe('A query that answers the protocol itself', () => {
  const watched = watchPg();
  const submit = <T>(query: T): T => client.query(query as never);
  let client: Client;

  beforeEach(async () => {
    client = new watched.pg.Client(databaseUrl());
    client.on('error', () => {});
    await client.connect();
    await client.query('CREATE TEMP TABLE target (n int)');
    watched.labels();
  });
  afterEach(() => client.end());

  it('is counted once at its end, as new Query()', async () => {
    const query = submit(new watched.pg.Query('SELECT 1 FROM pg_class LIMIT 3'));
    const rows: unknown[] = [];
    query.on('row', (row) => rows.push(row));
    await once(query, 'end');
    assert.equal(rows.length, 3);
    const second = new watched.pg.Query('SELECT 2 FROM pg_type LIMIT 2');
    const result = await new Promise<{ rowCount: number }>((resolve) => {
      void client.query(second as never, ((_error: unknown, value: never) => resolve(value)) as never);
    });
    assert.equal(result.rowCount, 2);
    assert.deepEqual(watched.labels(), ['select pg_class', 'select pg_type']);
  });

  it('is counted once when it fails, as new Query()', async () => {
    const [error] = (await once(submit(new watched.pg.Query('SELECT 1 FROM nowhere')), 'error')) as [Error];
    assert.match(error.message, /nowhere/);
    await client.query('SELECT 1');
    assert.deepEqual(watched.labels(), ['select nowhere', 'select none']);
  });

  it('is counted once when it times out and is answered all the same, as new Query()', async () => {
    const query = Object.assign(new watched.pg.Query('SELECT pg_sleep(0.2) FROM pg_class LIMIT 1'), { query_timeout: 20 });
    const error = await new Promise<Error>((resolve) => void client.query(query as never, resolve as never));
    assert.match(error.message, /timeout/);
    await client.query('SELECT 1');
    assert.deepEqual(watched.labels(), ['select pg_class', 'select none']);
  });

  it('is counted when its last row is read, as a cursor', async () => {
    const cursor = submit(new Cursor('SELECT * FROM generate_series(1, $1::int), pg_namespace LIMIT 25', [25]));
    assert.equal((await cursor.read(10)).length, 10);
    assert.equal((await cursor.read(10)).length, 10);
    assert.deepEqual(watched.labels(), []);
    assert.equal((await cursor.read(10)).length, 5);
    await client.query('SELECT 1');
    assert.deepEqual(watched.labels(), ['select pg_namespace', 'select none']);
  });

  it('is counted when it is closed before its end, and when it fails, as a cursor', async () => {
    const cursor = submit(new Cursor('SELECT * FROM pg_class'));
    await cursor.read(1);
    await cursor.close();
    const failing = submit(new Cursor('SELECT 1/(n - 2) FROM generate_series(1, 3) n LEFT JOIN pg_namespace ON false'));
    await assert.rejects(failing.read(100), /division by zero/);
    await client.query('SELECT 1');
    assert.deepEqual(watched.labels(), ['select pg_class', 'select pg_namespace', 'select none']);
  });

  it('takes the time that the server took, not its reader, as a cursor', async () => {
    const clock = stopClock();
    try {
      const cursor = submit(new Cursor('SELECT * FROM pg_class'));
      clock.forward(1);
      await cursor.read(1);
      clock.forward(1000);
      const reading = cursor.read(1);
      clock.forward(2);
      await reading;
      clock.forward(1000);
      await cursor.close();
      await client.query('SELECT 1');
    } finally {
      clock.restore();
    }
    assert.deepEqual(watched.recorded[0], { queryType: 'select', table: 'pg_class', seconds: 0.003 });
    watched.labels();
  });

  it('is counted once as a stream, read to its end, destroyed or failing', async () => {
    let rows = 0;
    for await (const _row of submit(new QueryStream('SELECT * FROM pg_class LIMIT 30', [], { batchSize: 7 }))) rows += 1;
    assert.equal(rows, 30);
    for await (const _row of submit(new QueryStream('SELECT * FROM pg_type', [], { batchSize: 7 }))) break;
    await assert.rejects(submit(new QueryStream('SELECT * FROM nowhere')).toArray(), /nowhere/);
    await client.query('SELECT 1');
    assert.deepEqual(watched.labels(), ['select pg_class', 'select pg_type', 'select nowhere', 'select none']);
  });

  it('is counted once as COPY, in both directions', async () => {
    await pipeline(Readable.from(['1\n2\n', '3\n']), submit(copyFrom('COPY target FROM STDIN')));
    let text = '';
    for await (const chunk of submit(copyTo('COPY (SELECT * FROM target) TO STDOUT'))) text += String(chunk);
    assert.equal(text, '1\n2\n3\n');
    await assert.rejects(pipeline(Readable.from(['x\n']), submit(copyFrom('COPY target FROM STDIN'))), /invalid input syntax/);
    await client.query('SELECT 1');
    assert.deepEqual(watched.labels(), ['copy target', 'copy target', 'copy target', 'select none']);
  });

  it('is counted when the connection dies', async () => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const other = new watched.pg.Client(databaseUrl());
    await other.connect();
    const cursor = submit(new Cursor('SELECT pg_sleep(60) FROM pg_class'));
    const failed = assert.rejects(cursor.read(1));
    await other.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    await failed;
    await other.end();
    assert.deepEqual(watched.labels().toSorted(), ['select none', 'select none', 'select pg_class']);
  });
});

/** Stops performance.now(), so that only the test moves it. */
function stopClock(): { forward(ms: number): void; restore(): void } {
  const original = Object.getOwnPropertyDescriptor(performance, 'now');
  let now = 0;
  Object.defineProperty(performance, 'now', { value: () => now, configurable: true });
  return {
    forward: (ms) => void (now += ms),
    restore: () => (original === undefined ? Reflect.deleteProperty(performance, 'now') : void Object.defineProperty(performance, 'now', original)),
  };
}
