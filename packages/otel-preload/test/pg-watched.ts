// Copies of node-postgres under the hook, with instruments that keep what they are told, against a real PostgreSQL.

import type * as PgModule from 'pg';
import { pg as hook } from '../src/hooks/pg';
import type { HookContext } from '../src/hooks/hook';

export type Pg = typeof PgModule;

export interface Recorded {
  readonly queryType: string;
  readonly table: string;
  readonly seconds: number;
}

export interface Watched {
  readonly pg: Pg;
  readonly recorded: Recorded[];
  /** `select users` and so on, in the order of the recording; empties the record. */
  labels(): string[];
  /** `state: connections` of each pool, as a scrape would read them. */
  pools(): Record<string, Record<string, number>>;
}

/** The address of the server that `npm test` starts for all tests. */
export function databaseUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run this test as `npm test -- FILE`, which starts a PostgreSQL');
  return url;
}

/** @param onRecord called with each record, to have it throw */
export function watchPg(pg: Pg = freshPg(), onRecord: () => void = () => {}): Watched {
  const recorded: Recorded[] = [];
  const reads: ((observe: (value: number, pool: string, state: string) => void) => void)[] = [];
  const instruments = {
    duration(_stream: string, seconds: number, queryType: string, table: string) {
      recorded.push({ queryType, table, seconds });
      onRecord();
    },
    observe: (_name: string, read: (typeof reads)[number]) => void reads.push(read),
  };
  const context = { config: { disabled: new Set() }, instruments } as unknown as HookContext;
  patchAll(hook(context), pg);
  return {
    pg,
    recorded,
    labels: () => recorded.splice(0).map(({ queryType, table }) => `${queryType} ${table}`),
    pools: () => {
      const pools: Record<string, Record<string, number>> = {};
      for (const read of reads) {
        read((value, pool, state) => {
          const states = (pools[pool] ??= {});
          states[state] = (states[state] ?? 0) + value;
        });
      }
      return pools;
    },
  };
}

/** As the loader does: first the package's files, then the package. */
function patchAll(watched: ReturnType<typeof hook>, pg: Pg): void {
  const exports: Record<string, object> = { 'pg/lib/client.js': pg.Client, 'pg-pool': Object.getPrototypeOf(pg.Pool) as object, pg };
  for (const [name, loaded] of Object.entries(exports)) watched.find((module) => module.name === name)?.patch(loaded);
}

const OURS = /node_modules[\\/]pg(?:-pool)?[\\/]/;

/** A copy of its own, so that the tests of other files, in the same process, keep theirs as it is. */
export function freshPg(): Pg {
  const kept = Object.entries(require.cache).filter(([file]) => OURS.test(file));
  for (const [file] of kept) delete require.cache[file];
  try {
    return require('pg') as Pg;
  } finally {
    for (const file of Object.keys(require.cache)) if (OURS.test(file)) delete require.cache[file];
    for (const [file, loaded] of kept) require.cache[file] = loaded;
  }
}
