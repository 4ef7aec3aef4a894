// Brings the database up to date at start: the files in migrations/, in order, each once.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database, Queries } from './database';

const PACKAGE = path.join(__dirname, '../../..');
const MIGRATIONS = path.join(PACKAGE, 'migrations');
/** Any number that no further user of this database locks: instances that start together take turns. */
const LOCK = 3_001_001;

export async function migrate(database: Database): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).toSorted();
  await database.transaction(async (queries) => {
    await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await queries.query('CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY)');
    const done = await queries.query<{ name: string }>('SELECT name FROM schema_migrations');
    const pending = files.filter((name) => !done.some((row) => row.name === name));
    for (const name of pending) await apply(queries, name);
  });
}

async function apply(queries: Queries, name: string): Promise<void> {
  await queries.query(await readFile(path.join(MIGRATIONS, name), 'utf8'));
  await queries.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
}

/** Fills a database without users. */
export async function loadSampleData(database: Database): Promise<void> {
  const sample = await readFile(path.join(PACKAGE, 'sample-data.sql'), 'utf8');
  await database.transaction(async (queries) => {
    await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const users = await queries.query('SELECT id FROM users LIMIT 1');
    if (users.length === 0) await queries.query(sample);
  });
}
