// The connection pools in use, and the number of each pool's connections. Keeps no pool alive.

import type { PgPool } from './client';

export type ObserveConnections = (connections: number, pool: string, state: string) => void;

export class Pools {
  readonly #known = new WeakSet<PgPool>();
  readonly #live = new Map<WeakRef<PgPool>, string>();
  readonly #collected = new FinalizationRegistry<WeakRef<PgPool>>((pool) => this.#live.delete(pool));

  /** Takes note of a pool at a request for a connection. */
  add(pool: PgPool): void {
    if (this.#known.has(pool)) return;
    this.#known.add(pool);
    const reference = new WeakRef(pool);
    this.#live.set(reference, labelOf(pool));
    this.#collected.register(pool, reference);
  }

  /** Reads each pool's own counts: connections in use, idle connections, and callers waiting for a connection. */
  read(observe: ObserveConnections): void {
    for (const [reference, label] of this.#live) {
      const pool = reference.deref();
      if (pool === undefined || pool.ended === true) {
        this.#live.delete(reference);
        continue;
      }
      observe(pool.totalCount - pool.idleCount, label, 'used');
      observe(pool.idleCount, label, 'idle');
      observe(pool.waitingCount, label, 'waiting');
    }
  }
}

/** `host:port/database`. The client knows them best, having read the connection string, the environment and the defaults. */
function labelOf(pool: PgPool): string {
  const { host, port, database } = pool._clients?.[0] ?? pool.options;
  return `${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`;
}
