import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import Module from 'node:module';
import type { Client, QueryConfig } from 'pg';
import { freshPg, type Pg, watchPg } from './pg-watched';

// pg-native needs libpq's headers to be built. What is watched here is node-postgres' own native client; only the thin binding
// under it is a stand-in, which answers each text with one row, and text that holds "nowhere" with an error.

type Done = (error: Error | null, rows?: object[], results?: object) => void;

class Binding extends EventEmitter {
  arrayMode = false;
  readonly pq = { resultErrorFields: () => ({ sqlState: '42P01' }) };
  connect(_address: string, done: (error: null) => void): void {
    setImmediate(done, null);
  }
  query(text: string, ...rest: unknown[]): void {
    const done = rest.at(-1) as Done;
    if (text.includes('nowhere')) setImmediate(done, new Error('no such relation'));
    else setImmediate(done, null, [{ one: 1 }], { rows: [{ one: 1 }], rowCount: 1 });
  }
  prepare(_name: string, _text: string, _parameters: number, done: (error: null) => void): void {
    setImmediate(done, null);
  }
  execute(name: string, _values: unknown[], done: Done): void {
    this.query(name, done);
  }
  end(done: () => void): void {
    setImmediate(done);
  }
}

describe('A query through the native client of node-postgres', () => {
  const watched = watchPg(nativePg());
  let client: Client;
  before(async () => {
    client = new watched.pg.Client({ host: '127.0.0.1' });
    await client.connect();
  });
  after(() => client.end());

  it('is counted once as promise, callback, prepared statement and new Query()', async () => {
    assert.equal((await client.query('SELECT 1 AS one FROM a')).rowCount, 1);
    await new Promise<void>((resolve, reject) => client.query('SELECT 1 AS one FROM b', (error) => (error ? reject(error) : resolve())));
    await client.query({ name: 'known', text: 'SELECT 1 FROM c', values: [1] });
    await client.query({ name: 'known', values: [1] } as QueryConfig);
    const query = new (watched.pg as unknown as { Query: new (text: string) => EventEmitter }).Query('SELECT 1 FROM d');
    const ended = new Promise((resolve) => query.once('end', resolve));
    client.query(query as never);
    await ended;
    assert.deepEqual(watched.labels(), ['select a', 'select b', 'select c', 'select c', 'select d']);
  });

  it('is counted once when it fails', async () => {
    await assert.rejects(client.query('SELECT 1 FROM nowhere'), { code: '42P01' });
    const query = new (watched.pg as unknown as { Query: new (text: string) => EventEmitter }).Query('DELETE FROM nowhere');
    const failed = new Promise((resolve) => query.once('error', resolve));
    client.query(query as never);
    await failed;
    assert.deepEqual(watched.labels(), ['select nowhere', 'delete nowhere']);
  });
});

/** `pg.native`, over the stand-in. */
function nativePg(): Pg {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => (request === 'pg-native' ? Binding : load(request, ...rest));
  try {
    return (freshPg() as unknown as { native: Pg }).native;
  } finally {
    loader._load = load;
  }
}
