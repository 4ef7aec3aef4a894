// The parts of node-postgres 8 used by the hook: the client, the pool, and queries with a protocol handling of their own.

/** The last argument, or `callback` of a query configuration. */
export type QueryCallback = (this: unknown, ...results: unknown[]) => unknown;

/** `query(text | config | submittable, [values], [callback])`: gives a promise unless there is a callback. */
export type QueryMethod = (this: PgClient, ...args: unknown[]) => unknown;

/** pg.Client and pg.native.Client. */
export interface PgClient {
  query: QueryMethod;
  readonly host?: string | null;
  readonly port?: number | string | null;
  readonly database?: string | null;
  /** Texts of the named statements prepared on this connection. */
  readonly connection?: { readonly parsedStatements?: Readonly<Record<string, string>> };
  /** The same in the native client. */
  readonly namedQueries?: Readonly<Record<string, string>>;
}

/** A query with its own protocol handling: `new Query()`, pg-cursor, pg-query-stream, pg-copy-streams. */
export interface Submittable {
  readonly submit: (...args: unknown[]) => unknown;
  /** pg-query-stream wraps a pg-cursor. */
  readonly cursor?: Submittable & { readonly text?: unknown };
  /** pg-cursor: `idle` while the cursor waits for its reader, `busy` while the cursor waits for the server. */
  readonly state?: string;
  /** EventEmitter's; all of the above are emitters. */
  readonly once?: (event: string, listener: () => void) => unknown;
}

export interface PgPool {
  readonly connect: (this: PgPool, ...args: unknown[]) => unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  /** Since pg-pool 2.0.8. */
  readonly ended?: boolean;
  readonly _clients?: readonly PgClient[];
  readonly options: { readonly host?: string; readonly port?: number | string; readonly database?: string };
}
