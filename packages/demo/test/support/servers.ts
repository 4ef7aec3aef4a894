// The PostgreSQL and Redis of the test run (`npm test` names them), else some of our own; each suite in a sandbox on them.

import { type Postgres, type Redis, startPostgres, startRedis } from '@earntrack/local-servers';

const keep = async (): Promise<void> => {};

export async function testPostgres(): Promise<Postgres> {
  const url = process.env.TEST_DATABASE_URL;
  return url ? { url, owned: false, stop: keep } : startPostgres({ fresh: true });
}

export async function testRedis(): Promise<Redis> {
  const url = process.env.TEST_REDIS_URL;
  return url ? { url, owned: false, stop: keep } : startRedis({ fresh: true });
}
