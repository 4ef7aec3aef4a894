// A database for one program, and what PostgreSQL itself counted of it (pg_stat_statements).

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Client } from 'pg';
import { loadModule } from 'pgsql-parser';
import { root } from './app';

// Labels by PostgreSQL's own parser, which shares nothing with the preload's reader.
const { describeByParser } = require(
  path.join(root, 'packages/otel-preload/dist/test/sql-parse-tree.js'),
) as typeof import('../../packages/otel-preload/test/sql-parse-tree');

/** `select users` → the labels of a series. */
export function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts)
      .map(([name, count]): [string, number] => {
        const [queryType, table] = name.split(' ');
        return [`query_type="${queryType}",table="${table}"`, count];
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A database and a role for one program, and a second role that reads what PostgreSQL counted of the first. */
export class Database {
  private constructor(
    private readonly name: string,
    readonly url: string,
    private readonly readerUrl: string,
  ) {}

  static async create(): Promise<Database> {
    await loadModule();
    const name = `truth_${randomBytes(4).toString('hex')}`;
    await query(superuserUrl(), `CREATE ROLE ${name} LOGIN PASSWORD 'app'`);
    await query(superuserUrl(), `CREATE ROLE ${name}_reader LOGIN PASSWORD 'reader'`);
    await query(superuserUrl(), `GRANT pg_read_all_stats TO ${name}_reader`);
    await query(superuserUrl(), `GRANT pg_signal_backend TO ${name}`);
    await query(superuserUrl(), `CREATE DATABASE ${name} OWNER ${name}`);
    await query(address('', '', name, superuserUrl()), 'CREATE EXTENSION pg_stat_statements');
    return new Database(name, address(name, 'app', name), address(`${name}_reader`, 'reader', name));
  }

  /** How many calls PostgreSQL counted of the program's role, by the labels of their text. */
  async callsByLabels(): Promise<Record<string, number>> {
    const rows = await query(this.readerUrl, `SELECT query, calls::int FROM pg_stat_statements WHERE userid = '${this.name}'::regrole AND toplevel`);
    const counts: Record<string, number> = {};
    for (const row of rows) {
      const { queryType, table } = describeNormalised(row['query'] as string);
      const labels = `${queryType} ${table}`;
      counts[labels] = (counts[labels] ?? 0) + (row['calls'] as number);
    }
    return sorted(counts);
  }

  /** Has PostgreSQL count the program's calls anew. */
  async forget(): Promise<void> {
    await query(address('', '', this.name), `SELECT pg_stat_statements_reset('${this.name}'::regrole)`);
  }

  async drop(): Promise<void> {
    await query(superuserUrl(), `DROP DATABASE ${this.name} WITH (FORCE)`);
    await query(superuserUrl(), `DROP ROLE ${this.name}, ${this.name}_reader`);
  }
}

/** PostgreSQL keeps texts with `$1` for each constant, also in SET and SAVEPOINT, where its own grammar takes none. */
function describeNormalised(text: string): ReturnType<typeof describeByParser> {
  try {
    return describeByParser(text);
  } catch {
    return describeByParser(text.replaceAll(/\$\d+/g, 'x'));
  }
}

function superuserUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run this test as `npm test -- FILE`, which starts a PostgreSQL');
  return url;
}

function address(user: string, password: string, database: string, base = superuserUrl()): string {
  const url = new URL(base);
  if (user !== '') Object.assign(url, { username: user, password });
  url.pathname = `/${database}`;
  return url.href;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
