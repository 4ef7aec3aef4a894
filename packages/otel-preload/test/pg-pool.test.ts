import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import { databaseUrl, watchPg } from './pg-watched';

describe('The connections of a pool', () => {
  let label: string;
  before(() => {
    const { host, pathname } = new URL(databaseUrl());
    label = `${host}${pathname}`;
  });

  it('are read from the pool itself, by state, under host, port and database without the credentials', async () => {
    const { pg, pools } = watchPg();
    const pool = new pg.Pool({ connectionString: databaseUrl(), max: 2 });
    assert.deepEqual(pools(), {});
    const [first, second] = [await pool.connect(), await pool.connect()];
    const third = pool.connect();
    assert.deepEqual(pools(), { [label]: { used: 2, idle: 0, waiting: 1 } });
    first.release();
    (await third).release();
    assert.deepEqual(pools(), { [label]: { used: 1, idle: 1, waiting: 0 } });
    second.release();
    await pool.query('SELECT 1');
    assert.deepEqual(pools(), { [label]: { used: 0, idle: 2, waiting: 0 } });
    await pool.end();
  });

  it('are those of all pools with the same name', async () => {
    const { pg, pools } = watchPg();
    const both = [new pg.Pool({ connectionString: databaseUrl() }), new pg.Pool({ connectionString: databaseUrl() })];
    await Promise.all(both.map((pool) => pool.query('SELECT 1')));
    assert.deepEqual(pools(), { [label]: { used: 0, idle: 2, waiting: 0 } });
    await Promise.all(both.map((pool) => pool.end()));
  });

  it('are gone once the pool has ended', async () => {
    const { pg, pools } = watchPg();
    const pool = new pg.Pool({ connectionString: databaseUrl() });
    await pool.query('SELECT 1');
    await pool.end();
    assert.deepEqual(pools(), {});
  });

  it('do not keep a forgotten pool alive', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const { pg, pools } = watchPg();
    // A connection that is refused leaves the pool without a socket that would hold it.
    const forget = (): Promise<unknown> => new pg.Pool({ host: '127.0.0.1', port: 1 }).query('SELECT 1').catch(() => undefined);
    await forget();
    assert.deepEqual(Object.keys(pools()).length, 1);
    for (let round = 0; round < 20 && Object.keys(pools()).length > 0; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      collect();
    }
    assert.deepEqual(pools(), {});
  });

  it('of a server that refuses them are named by the options', async () => {
    const { pg, pools } = watchPg();
    const pool = new pg.Pool({ host: '127.0.0.1', port: 1, database: 'shop', user: 'u', password: 'secret' });
    await assert.rejects(pool.query('SELECT 1'));
    assert.deepEqual(pools(), { '127.0.0.1:1/shop': { used: 0, idle: 0, waiting: 0 } });
  });
});
