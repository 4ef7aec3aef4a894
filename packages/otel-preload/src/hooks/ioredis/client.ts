// The parts of ioredis 4, 5 and 6 that we touch. Types only: no copy of ioredis is ever loaded by us.

import type { Socket } from 'node:net';

/** A command on its way. The same object is sent again after it waited offline, after a reconnection, or after MOVED. */
export interface RedisCommand {
  readonly name: string;
  /** With keyPrefix already put before the keys; strings and Buffers. */
  readonly args: readonly unknown[];
  /** Called with the raw reply, before ioredis makes strings of it. */
  resolve: (reply: unknown) => unknown;
}

/** One connection to one server; inside a Cluster, to one of its nodes. */
export interface RedisClient {
  readonly isCluster?: false;
  readonly options: RedisOptions;
  readonly status: string;
  /** Another one after each reconnection. */
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
  /** A class of the app's own that makes the connection. */
  readonly Connector?: unknown;
}

/** The clients of the servers that this one speaks to: itself, or a cluster's masters. */
export function serversOf(client: RedisClient | RedisCluster): RedisClient[] {
  return client.isCluster === true ? client.nodes('master') : [client];
}

/** Whether the app itself has a working connection; a Cluster may stay at `connect`. */
export function isReady(client: RedisClient | RedisCluster): boolean {
  return client.status === 'ready' || (client.isCluster === true && client.status === 'connect');
}
