// The PostgreSQL and Redis of the test run (`npm test` names them), else servers of our own. Each suite has a database of its own: test files
// run side by side.

import { randomBytes } from 'node:crypto';
import { type Postgres, type Redis, startPostgres, startRedis } from '@earntrack/local-servers';
import { Client } from 'pg';

export async function testPostgres(): Promise<Postgres> {
  const shared = process.env.TEST_DATABASE_URL;
  if (!shared) return startPostgres({ fresh: true });
  const name = `demo_${randomBytes(4).toString('hex')}`;
  await run(shared, `CREATE DATABASE ${name}`);
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return { url: url.href, owned: false, stop: () => run(shared, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function testRedis(): Promise<Redis> {
  const url = process.env.TEST_REDIS_URL;
  return url ? { url, owned: false, stop: async () => {} } : startRedis({ fresh: true });
}
