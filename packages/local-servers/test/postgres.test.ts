import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { freePort, ServerUnavailable, startPostgres, type Postgres } from '../src';
import { cloneInto, elsewhere, ordinaryUser, readableClone, resultElsewhere } from './support/other-process';
import { listens, scratch } from './support/scratch';

async function value(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return Object.values(rows.at(-1) ?? {})[0];
}

const STARTED = `
  const { Client } = requireHere('pg');
  const postgres = await servers.startPostgres();
  const client = new Client(postgres.url);
  await client.connect();
  const { rows } = await client.query('SELECT 6 * 7 AS answer');
  await client.end();
  await postgres.stop();
  tell(rows[0].answer);`;

describe('PostgreSQL of our own', () => {
  let postgres: Postgres;

  before(async () => {
    const settings = { shared_preload_libraries: 'pg_stat_statements' };
    postgres = await startPostgres({ fresh: true, settings, database: 'Earn "Track"' });
  });

  after(() => postgres.stop());

  it('has the database and the settings asked for', async () => {
    assert.equal(await value(postgres.url, 'SELECT current_database()'), 'Earn "Track"');
    await value(postgres.url, 'CREATE EXTENSION pg_stat_statements');
    assert.equal(await value(postgres.url, `SELECT count(*) > 0 FROM pg_stat_statements`), true);
  });

  it('refuses whoever does not know the password', async () => {
    const url = new URL(postgres.url);
    url.password = 'guessed';
    await assert.rejects(value(url.href, 'SELECT 1'), /password authentication failed/);
  });

  it('ends its connections when it is stopped, and is gone with its folder', async () => {
    const TMPDIR = scratch();
    const script = `
      const postgres = await servers.startPostgres();
      const client = new (requireHere('pg').Client)(postgres.url);
      client.on('error', () => {});
      await client.connect();
      await postgres.stop();
      await postgres.stop();
      tell(postgres.url);`;
    const url = await resultElsewhere<string>(script, { env: { TMPDIR } });
    assert.equal(await listens(url), false);
    assert.deepEqual(fs.readdirSync(TMPDIR), []);
  });
});

describe('PostgreSQL wherever the clone lies', () => {
  it('starts as an ordinary user', async () => {
    assert.equal(await resultElsewhere(STARTED, { user: ordinaryUser, from: readableClone() }), 42);
  });

  it('starts from a clone that no other user may enter, in which the links of the skipped install script are missing', async () => {
    const folder = scratch();
    const clone = cloneInto(folder);
    restrict(folder);
    assert.equal(await resultElsewhere(STARTED, { from: clone }), 42);
  });

  it('starts from a temporary folder that no other user may enter', async () => {
    const TMPDIR = scratch();
    fs.chmodSync(TMPDIR, 0o700);
    assert.equal(await resultElsewhere(STARTED, { env: { TMPDIR } }), 42);
    assert.deepEqual(fs.readdirSync(TMPDIR), []);
  });

  it('leaves the accounts of the system as they are', async () => {
    const earlier = accounts();
    await (await startPostgres({ fresh: true })).stop();
    assert.deepEqual(accounts(), earlier);
  });
});

/** The system's accounts. */
function accounts(): string[] {
  return ['/etc/passwd', '/etc/group'].map((file) => fs.readFileSync(file, 'utf8'));
}

/** A clone made with umask 077, and by an npm that ran no install scripts. */
function restrict(folder: string): void {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const place = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) fs.rmSync(place);
    else fs.chmodSync(place, fs.statSync(place).mode & 0o700);
  }
  fs.chmodSync(folder, 0o700);
}

describe('the PostgreSQL that DATABASE_URL names', () => {
  let theirs: Postgres;

  before(async () => {
    theirs = await startPostgres({ fresh: true });
  });

  after(() => theirs.stop());

  it('is used, and neither stopped nor wiped', async () => {
    await value(theirs.url, 'CREATE TABLE kept AS SELECT 1 AS id');
    const script = `const { url, owned, stop } = await servers.startPostgres({ database: 'another' }); await stop(); tell({ url, owned });`;
    const used = await resultElsewhere(script, { env: { DATABASE_URL: theirs.url } });
    assert.deepEqual(used, { url: theirs.url, owned: false });
    assert.equal(await value(theirs.url, 'SELECT id FROM kept'), 1);
  });

  it('is said to be down in one line without its password, and none of our own stands in', async () => {
    const DATABASE_URL = `postgres://user:secret@127.0.0.1:${await freePort()}/db`;
    const script = `await servers.startPostgres().catch(({ name, message }) => tell({ name, message }));`;
    const { name, message } = await resultElsewhere<Error>(script, { env: { DATABASE_URL } });
    assert.equal(name, ServerUnavailable.name);
    assert.match(message, /^DATABASE_URL is set, but .*ECONNREFUSED.*start it, or unset it$/);
    assert.doesNotMatch(message, /secret/);
  });
});

describe('a process that ends without stopping its PostgreSQL', () => {
  it('does not wait for it', async () => {
    const { told, ended } = elsewhere(`tell((await servers.startPostgres()).url);`);
    await told;
    assert.equal((await ended).code, 0);
  });
});
