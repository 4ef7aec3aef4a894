// PostgreSQL: a pool behind two verbs.

import { Pool, type PoolClient, type QueryResultRow } from 'pg';

/** A receiver of statements: the pool, or a transaction. */
export interface Queries {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface Database extends Queries {
  /** Runs `work` in a transaction: commits after a success, rolls back after an exception. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openDatabase(url: string): Database {
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000 });
  // A broken idle connection is replaced at the next query; without a listener the break would end the process.
  pool.on('error', (error) => console.error(`database connection lost: ${error.message}`));
  return {
    ...queriesOf(pool),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

function queriesOf(connection: Pool | PoolClient): Queries {
  return {
    query: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => (await connection.query<Row>(text, values)).rows,
  };
}

async function inTransaction<T>(pool: Pool, work: (queries: Queries) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(queriesOf(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.release(broken);
  }
}
