// The memory that the servers use which this process caches in: cache_size_bytes, or nothing when it cannot be known.

import { reason, sayOnce } from '../log';
import { isReady, serversOf, type RedisClient, type RedisCluster } from './client';
import type { OwnConnection } from './own-connection';
import type { OwnConnections } from './own-connections';
import { Poll } from './poll';

export class CacheSize {
  readonly #clients = new Set<RedisClient | RedisCluster>();
  readonly #poll = new Poll('cache_size_bytes', () => this.#ask());
  #bytes: number | undefined;

  constructor(private readonly connections: OwnConnections) {}

  /** A client of the app through which values of a cache are read. */
  add(client: RedisClient | RedisCluster): void {
    this.#clients.add(client);
    this.#poll.start();
  }

  remove(client: RedisClient | RedisCluster): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#bytes = undefined;
  }

  /** Bytes as of the last question; undefined while any of the servers is gone or will not tell. */
  get bytes(): number | undefined {
    for (const client of this.#clients) if (!isReady(client)) return undefined;
    return this.#bytes;
  }

  async #ask(): Promise<void> {
    try {
      const clients = [...this.#clients].flatMap(serversOf);
      const connections = new Set(clients.map((client) => this.connections.beside(client)));
      const servers = new Map(await Promise.all([...connections].map(memoryOf)));
      this.#bytes = servers.size === 0 ? undefined : [...servers.values()].reduce((sum, bytes) => sum + bytes);
    } catch (thrown) {
      this.#bytes = undefined;
      const remedy = "look whether the server is up, and whether the app's user may run the command INFO";
      sayOnce('cache_size_bytes', `cache_size_bytes is left out until Redis answers INFO (${reason(thrown)}): ${remedy}`);
    }
  }
}

/** One server may be known under several addresses: its run_id tells. */
async function memoryOf(connection: OwnConnection): Promise<[runId: string, bytes: number]> {
  const memory = String(await connection.ask('info', 'memory'));
  const server = String(await connection.ask('info', 'server'));
  const used = /^used_memory:(\d+)/m.exec(memory)?.[1];
  const runId = /^run_id:(\w+)/m.exec(server)?.[1];
  if (used === undefined || runId === undefined) throw new Error('no used_memory or no run_id in it');
  return [runId, Number(used)];
}
