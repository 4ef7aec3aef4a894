// One connection of ours to each server and database that the app speaks to, however many clients the app has for it.

import type { RedisClient } from './client';
import { OwnConnection } from './own-connection';

interface Shared {
  readonly connection: OwnConnection;
  /** The app's clients that have not ended; ours ends with the last of them. */
  readonly clients: Set<RedisClient>;
}

export class OwnConnections {
  readonly #shared = new Map<string, Shared>();

  /** The connection to the server of a client of the app. It does not outlive the app's clients. */
  beside(client: RedisClient): OwnConnection {
    const address = addressOf(client);
    const shared = this.#shared.get(address) ?? this.#share(address, client);
    if (!shared.clients.has(client)) {
      shared.clients.add(client);
      client.once('end', () => this.#ended(address, client));
    }
    return shared.connection;
  }

  #share(address: string, first: RedisClient): Shared {
    const clients = new Set<RedisClient>();
    const connection = new OwnConnection(address, () => [...clients].find(({ status }) => status === 'ready') ?? first);
    const shared = { connection, clients };
    this.#shared.set(address, shared);
    return shared;
  }

  #ended(address: string, client: RedisClient): void {
    const shared = this.#shared.get(address);
    if (shared === undefined || !shared.clients.delete(client) || shared.clients.size > 0) return;
    this.#shared.delete(address);
    shared.connection.end();
  }
}

/** Server, database and user: clients that agree in these can share a connection. */
function addressOf({ options, condition }: RedisClient): string {
  const { path, host, port, sentinels, name, username } = options;
  const server = sentinels ? [name, ...sentinels.map((sentinel) => `${sentinel.host}:${sentinel.port}`)] : [path ?? `${host}:${port}`];
  return [...server, condition?.select ?? options.db, username].join(' ');
}

/** Shared by what asks for the cache's size and by what asks for queue depths. */
export const ownConnections = new OwnConnections();
