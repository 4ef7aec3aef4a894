// The memory in use on the servers of this process' caches: cache_size_bytes, or nothing when the size cannot be known.

import { isReady, serversOf, type RedisClient, type RedisCluster } from './client';
import type { OwnConnections } from './own-connections';
import { addressOf } from './place';
import { Poll } from './poll';

const REMEDY = "look whether the server is up, and whether the app's user may run the command INFO";

export class CacheSize {
  readonly #clients = new Set<RedisClient | RedisCluster>();
  readonly #poll = new Poll('cache_size_bytes', REMEDY, () => this.#ask());
  #bytes: number | undefined;

  constructor(private readonly connections: OwnConnections) {}

  /** Adds a client, because the app reads cached values over the client. */
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
    this.#forgetEnded();
    const clients = [...this.#clients];
    try {
      this.#bytes = clients.every(isReady) ? await this.#sum(clients) : undefined;
    } catch (thrown) {
      this.#bytes = undefined;
      // If the app has lost its own connection, or is closing the connection, the app knows already: no log line.
      if (clients.every(isReady)) throw thrown;
    }
  }

  /** A server known under several addresses counts once: the run_id identifies the server. */
  async #sum(clients: readonly (RedisClient | RedisCluster)[]): Promise<number | undefined> {
    const servers = new Map(clients.flatMap(serversOf).map((client) => [addressOf(client), client]));
    const bytes = new Map(await Promise.all([...servers.values()].map((client) => this.#memoryOf(client))));
    return bytes.size === 0 ? undefined : [...bytes.values()].reduce((sum, each) => sum + each);
  }

  async #memoryOf(client: RedisClient): Promise<[runId: string, bytes: number]> {
    const [memory, server] = await this.connections.ask(client, ['INFO', 'memory'], ['INFO', 'server']);
    const used = /^used_memory:(\d+)/m.exec(String(memory))?.[1];
    const runId = /^run_id:(\w+)/m.exec(String(server))?.[1];
    if (used === undefined || runId === undefined) throw new Error('no used_memory or no run_id in INFO');
    return [runId, Number(used)];
  }

  #forgetEnded(): void {
    this.connections.forgetEnded();
    for (const client of this.#clients) if (client.status === 'end') this.remove(client);
  }
}
