// Keeps the demo to itself on borrowed servers: a schema and a prefix of keys, removed at the end.
// A server started for the demo goes away as a whole, and needs neither.

import type { Postgres, Redis as RedisServer } from '@earntrack/local-servers';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface DatabaseSandbox {
  /** The address whose search_path is the sandbox. */
  readonly url: string;
  remove(): Promise<void>;
}

export async function databaseSandbox({ url, owned }: Postgres): Promise<DatabaseSandbox> {
  if (owned) return { url, remove: async () => {} };
  const schema = `earntrack_demo_${unique()}`;
  await inDatabase(url, `CREATE SCHEMA ${schema}`);
  return { url: withSearchPath(url, schema), remove: () => inDatabase(url, `DROP SCHEMA ${schema} CASCADE`) };
}

/** Two demos on the same server must not meet. */
function unique(): string {
  return randomBytes(4).toString('hex');
}

function withSearchPath(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', `${given ? `${given} ` : ''}-c search_path=${schema}`);
  // A space as "+" would reach the server as a plus sign.
  return url.href.replaceAll('+', '%20');
}

async function inDatabase(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface RedisSandbox {
  /** The beginning of every key. */
  readonly prefix: string;
  remove(): Promise<void>;
}

export function redisSandbox({ url, owned }: RedisServer): RedisSandbox {
  if (owned) return { prefix: '', remove: async () => {} };
  const prefix = `earntrack-demo-${unique()}:`;
  return { prefix, remove: () => removeKeys(url, prefix) };
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 500 }) as AsyncIterable<string[]>) {
    if (keys.length > 0) await redis.unlink(keys);
  }
  await redis.quit();
}
