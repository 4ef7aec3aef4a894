// The parts of ioredis 4, 5 and 6 touched by the hook. Types only: the preload never loads a copy of ioredis.

import type { Socket } from 'node:net';

/** A command on its way. ioredis sends the same object again from the offline queue, after a reconnection, or after MOVED. */
export interface RedisCommand {
  readonly name: string;
  /** With keyPrefix already put before the keys; strings and Buffers. */
  readonly args: readonly unknown[];
  /** Called with the raw reply, before ioredis makes strings of the reply. */
  resolve: (reply: unknown) => unknown;
}

/** A connection to a single server; inside a Cluster, to a node. */
export interface RedisClient {
  readonly isCluster?: false;
  readonly options: RedisOptions;
  readonly status: string;
  /** A new stream after each reconnection. */
  readonly stream?: Socket;
  /** `select` is the database now; `options.db` only the first. */
  readonly condition?: { readonly select?: number } | null;
  once(event: string, listener: (...args: never[]) => void): unknown;
}

export interface RedisCluster {
  readonly isCluster: true;
  readonly options: { readonly keyPrefix?: string | Buffer };
  readonly status: string;
  nodes(role: 'master'): RedisClient[];
  once(event: string, listener: (...args: never[]) => void): unknown;
}

export interface RedisOptions {
  readonly host?: string;
  readonly port?: number;
  /** A Unix socket. */
  readonly path?: string;
  readonly db?: number;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly keyPrefix?: string | Buffer;
  readonly tls?: object | boolean;
  readonly sentinels?: readonly unknown[] | null;
  /** The app's own class for making the connection. */
  readonly Connector?: unknown;
}

/** The clients of the servers behind this client: the client itself, or a cluster's masters. */
export function serversOf(client: RedisClient | RedisCluster): RedisClient[] {
  return client.isCluster === true ? client.nodes('master') : [client];
}

/** Whether the app itself has a working connection; a Cluster may stay at `connect`. */
export function isReady(client: RedisClient | RedisCluster): boolean {
  return client.status === 'ready' || (client.isCluster === true && client.status === 'connect');
}
