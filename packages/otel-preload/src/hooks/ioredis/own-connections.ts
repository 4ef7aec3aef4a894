// A single connection of ours to each server of the app, for any number of clients, users and databases of the app there.

import type { RedisClient } from './client';
import { OwnConnection } from './own-connection';
import { addressOf, loginOf, openBeside } from './place';
import type { Reply } from './resp';

interface Server {
  readonly connection: OwnConnection;
  /** The app's clients still open; our connection ends with the last of them. */
  readonly clients: Set<RedisClient>;
}

export class OwnConnections {
  readonly #servers = new Map<string, Server>();
  /** Each client's server at the last question: a sentinel or a name may lead the client to a new server. */
  readonly #addresses = new Map<RedisClient, string>();

  /**
   * Asks the server of a client of the app, in its database and with its rights.
   *
   * @throws as `OwnConnection.ask` does, or if the server cannot be known
   */
  async ask(client: RedisClient, ...commands: string[][]): Promise<Reply[]> {
    return this.#beside(client).ask(() => openBeside(client), loginOf(client), commands);
  }

  /** Forgets clients ended without an event: the app may have removed their listeners. */
  forgetEnded(): void {
    for (const client of this.#addresses.keys()) if (client.status === 'end') this.#forget(client);
  }

  #beside(client: RedisClient): OwnConnection {
    const address = addressOf(client);
    const known = this.#addresses.get(client);
    if (known !== address) {
      if (known === undefined) client.once('end', () => this.#forget(client));
      else this.#forget(client);
      this.#addresses.set(client, address);
    }
    const server = this.#servers.get(address) ?? { connection: new OwnConnection(), clients: new Set() };
    this.#servers.set(address, server);
    server.clients.add(client);
    return server.connection;
  }

  #forget(client: RedisClient): void {
    const address = this.#addresses.get(client);
    const server = address === undefined ? undefined : this.#servers.get(address);
    this.#addresses.delete(client);
    if (address === undefined || !server?.clients.delete(client) || server.clients.size > 0) return;
    this.#servers.delete(address);
    server.connection.end();
  }
}

/** Shared by the questions about the cache's size and about queue depths. */
export const ownConnections = new OwnConnections();
