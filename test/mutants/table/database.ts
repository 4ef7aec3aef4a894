import type { Mutant } from '../mutant';

export const database: readonly Mutant[] = [
  {
    name: 'pg-callback-missed',
    breaks: 'A query with a callback is not counted.',
    file: 'packages/otel-preload/src/hooks/pg/timed-query.ts',
    find: `return function (this: unknown) {
    call.end();`,
    replace: `return function (this: unknown) {
    call.pause();`,
    fails: [['test/truth/database.test.ts', 'agree with pg_stat_statements on every successful single statement: database-queries.mjs']],
  },
  {
    name: 'pg-class-seen-twice',
    breaks: 'A class that is met through its file and through the package is wrapped twice.',
    file: 'packages/otel-preload/src/hooks/pg/index.ts',
    find: 'if (owner?.prototype === undefined || seen.has(owner.prototype)) return;',
    replace: 'if (owner?.prototype === undefined) return;',
    fails: [
      ['packages/otel-preload/test/pg-query.test.ts', 'is counted once under its type and table, with its time in seconds'],
      ['test/truth/database.test.ts', 'agree with pg_stat_statements on every successful single statement: database-queries.cjs'],
    ],
  },
  {
    name: 'pg-counted-at-each-end',
    breaks: 'A query is counted at each of its ends, as at its time-out and at its late answer.',
    file: 'packages/otel-preload/src/hooks/pg/query-call.ts',
    find: `  #ended = false;

  constructor(
    private readonly statement: Statement,
    private readonly record: RecordQuery,
  ) {}

  /** The answer so far has come, and the next part has not been asked for. */
  pause(): void {
    if (this.#since === undefined) return;
    this.#waited += performance.now() - this.#since;
    this.#since = undefined;
  }

  /** The server is asked for more. */
  resume(): void {
    this.#since ??= performance.now();
  }

  /** Records the call, with its result or its error; further ends are no further counts. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;`,
    replace: `
  constructor(
    private readonly statement: Statement,
    private readonly record: RecordQuery,
  ) {}

  /** The answer so far has come, and the next part has not been asked for. */
  pause(): void {
    if (this.#since === undefined) return;
    this.#waited += performance.now() - this.#since;
    this.#since = undefined;
  }

  /** The server is asked for more. */
  resume(): void {
    this.#since ??= performance.now();
  }

  /** Records the call, with its result or its error; further ends are no further counts. */
  end(): void {`,
    fails: [['packages/otel-preload/test/pg-submittable.test.ts', 'is counted once when it times out and is answered all the same, as new Query()']],
  },
  {
    name: 'pg-cursor-reader-timed',
    breaks: 'A cursor is timed while it waits for its reader.',
    file: 'packages/otel-preload/src/hooks/pg/submittable.ts',
    find: `extend(query, 'handlePortalSuspended', undefined, turn);`,
    replace: '',
    fails: [['packages/otel-preload/test/pg-submittable.test.ts', 'takes the time that the server took, not its reader, as a cursor']],
  },
  {
    name: 'pg-failed-promise-missed',
    breaks: 'A query whose promise rejects is not counted.',
    file: 'packages/otel-preload/src/hooks/pg/timed-query.ts',
    find: `(thrown: unknown) => {
      call.end();`,
    replace: '(thrown: unknown) => {',
    fails: [
      ['packages/otel-preload/test/pg-query.test.ts', 'is counted when it fails, and fails as it would without us'],
      ['test/truth/database.test.ts', 'are counted once a call, as the ledger has it'],
    ],
  },
  {
    name: 'pg-pool-idle-as-used',
    breaks: 'Idle connections of a pool count as used.',
    file: 'packages/otel-preload/src/hooks/pg/pools.ts',
    find: `observe(pool.totalCount - pool.idleCount, label, 'used');`,
    replace: `observe(pool.totalCount, label, 'used');`,
    fails: [['packages/otel-preload/test/pg-pool.test.ts', 'are read from the pool itself, by state']],
  },
  {
    name: 'pg-slow-boundary-missing',
    breaks: 'SLOW_QUERY_MS does not become a boundary.',
    file: 'packages/otel-preload/src/config/settings.ts',
    find: 'database_query_duration_ms: [...new Set([...queries, slowQueryMs])].sort((a, b) => a - b),',
    replace: 'database_query_duration_ms: [...new Set([...queries, ...(slowQueryMs < 0 ? [slowQueryMs] : [])])].sort((a, b) => a - b),',
    fails: [
      ['packages/otel-preload/test/config.test.ts', 'SLOW_QUERY_MS becomes a boundary of the query times'],
      ['test/truth/database.test.ts', 'are slow above SLOW_QUERY_MS where that is set'],
    ],
  },
  {
    name: 'pg-slow-bucket-added',
    breaks: 'The bucket up to the boundary of slow queries is taken for slow.',
    file: 'packages/otel-preload/src/exposition/derive.ts',
    find: 'const above = boundaries.indexOf(slowMs) + 1;',
    replace: 'const above = boundaries.indexOf(slowMs);',
    fails: [['packages/otel-preload/test/instruments.test.ts', 'are slow above 100 ms, and not at 100 ms']],
  },
  {
    name: 'pg-slow-bucket-missed',
    breaks: 'The first bucket above the boundary of slow queries is not taken for slow.',
    file: 'packages/otel-preload/src/exposition/derive.ts',
    find: 'const above = boundaries.indexOf(slowMs) + 1;',
    replace: 'const above = boundaries.indexOf(slowMs) + 2;',
    fails: [['test/truth/database.test.ts', 'are slow exactly when they are not in the buckets up to 100 ms']],
  },
  {
    name: 'pg-thrown-missed',
    breaks: 'A query whose call throws is not counted.',
    file: 'packages/otel-preload/src/hooks/pg/timed-query.ts',
    find: `} catch (thrown) {
      call.end();`,
    replace: '} catch (thrown) {',
    fails: [['packages/otel-preload/test/pg-query.test.ts', 'is counted when the call itself throws']],
  },
  {
    name: 'sql-common-table-scope',
    breaks: 'The body of a common table expression does not see those before it.',
    file: 'packages/otel-preload/src/sql/common-tables.ts',
    find: 'const table: CommonTable = { name, outer, body: tokens.end, depth: tokens.depth, scope: outer, read: false, table: undefined };',
    replace: 'const table: CommonTable = { name, outer, body: tokens.end, depth: tokens.depth, scope: undefined, read: false, table: undefined };',
    fails: [['packages/otel-preload/test/sql-oracle.test.ts', 'statements: common table expressions']],
  },
  {
    name: 'sql-not-folded',
    breaks: 'A name without quotes is not folded.',
    file: 'packages/otel-preload/src/sql/identifier.ts',
    find: 'if (quote === -1) return truncate(fold(written));',
    replace: 'if (quote === -1) return truncate(NOT_ASCII.test(written) ? fold(written) : written);',
    fails: [['packages/otel-preload/test/sql-oracle.test.ts', 'statements: identifiers']],
  },
  {
    name: 'sql-schema-as-table',
    breaks: 'The table is the first part of a name, the schema.',
    file: 'packages/otel-preload/src/sql/names.ts',
    find: `if (!tokens.at(DOT)) return part === '' ? undefined : part;
    tokens.next();`,
    replace: `if (tokens.at(DOT)) tokens.leave(tokens.depth);
    return part === '' ? undefined : part;`,
    fails: [
      ['packages/otel-preload/test/sql-oracle.test.ts', 'statements: identifiers'],
      ['test/truth/database.test.ts', 'agree with pg_stat_statements on every successful single statement: database-queries.cjs'],
    ],
  },
];
