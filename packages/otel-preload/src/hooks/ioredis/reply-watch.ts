// Sees the replies to reads on their way to the app: once a command, also through transactions, whose replies come with EXEC.

import { reason, sayOnce } from '../../log';
import type { CacheCounts } from '../../cache/cache-counts';
import type { RedisClient, RedisCluster, RedisCommand } from './client';
import { countRead, DISCARD, EXEC, kindOf, MULTI, NOTHING } from './reads';

const CONNECTION = Symbol('otel-preload.connection');
const WATCHED = Symbol('otel-preload.watched');
const CLUSTER = Symbol('otel-preload.cluster');

/** The watch's notes on a client, kept on the client: a lookup in a WeakMap would cost more than counting. */
interface Connection {
  readonly keyPrefix: string;
  /** A MULTI was sent and neither EXEC nor DISCARD since: replies may be QUEUED. */
  transacting: boolean;
  /** Commands answered with QUEUED since MULTI's OK, on `stream`. */
  queued: RedisCommand[] | undefined;
  stream: unknown;
  /** A value of a cache was read here. */
  caches: boolean;
}

interface Client extends RedisClient {
  [CONNECTION]?: Connection;
}

interface Command extends RedisCommand {
  /** Our `resolve`; `true` once the command has been counted. */
  [WATCHED]?: RedisCommand['resolve'] | true;
  /** The cluster, if a cluster routed the command to the node; the nodes do not know the cluster's keyPrefix. */
  [CLUSTER]?: RedisCluster;
}

export interface CacheClients {
  add(client: RedisClient | RedisCluster): void;
  remove(client: RedisClient | RedisCluster): void;
}

export class ReplyWatch {
  constructor(
    private readonly cache: CacheCounts,
    private readonly clients: CacheClients,
  ) {}

  /** Called before a cluster hands a command to a node. */
  routing(cluster: RedisCluster, command: Command): void {
    try {
      if (kindOf(command.name) !== NOTHING) command[CLUSTER] = cluster;
    } catch (thrown) {
      saySo(thrown);
    }
  }

  /** Called before a client sends, or queues, a command. On the hot path: any command but a read costs a single lookup. */
  sending(client: Client, command: Command): void {
    try {
      const kind = kindOf(command.name);
      if (kind === NOTHING && client[CONNECTION]?.transacting !== true) return;
      const connection = connectionOf(client);
      if (kind === MULTI) connection.transacting = true;
      else if (kind === EXEC || kind === DISCARD) connection.transacting = false;
      this.#watch(client, connection, command, kind);
    } catch (thrown) {
      saySo(thrown);
    }
  }

  #watch(client: Client, connection: Connection, command: Command, kind: number): void {
    const { resolve } = command;
    // Sent again: from the offline queue, after a reconnection, after MOVED.
    if (command[WATCHED] === resolve || command[WATCHED] === true) return;
    const watched = (reply: unknown): unknown => {
      try {
        // Sent again with another `resolve`: a cluster retries a pipeline, or another instrumentation has wrapped ours.
        if (command[WATCHED] === watched) this.#answered(client, connection, command, kind, reply);
      } catch (thrown) {
        saySo(thrown);
      }
      return resolve.call(command, reply);
    };
    command[WATCHED] = watched;
    command.resolve = watched;
  }

  #answered(client: Client, connection: Connection, command: Command, kind: number, reply: unknown): void {
    const { queued } = connection;
    if (queued !== undefined && connection.stream === client.stream && isQueued(reply)) {
      queued.push(command);
    } else if (kind === MULTI) {
      connection.queued = [];
      connection.stream = client.stream;
    } else if (kind === EXEC || kind === DISCARD) {
      connection.queued = undefined;
      if (kind === EXEC && queued !== undefined) this.#executed(client, queued, reply);
    } else {
      this.#count(client, command, reply);
    }
  }

  /** EXEC answers with a reply for each queued command, in their order; with null when a watched key had changed. */
  #executed(client: Client, queued: readonly Command[], reply: unknown): void {
    if (!Array.isArray(reply)) return;
    if (reply.length !== queued.length) {
      sayOnce('redis transaction', `a Redis transaction of ${queued.length} commands had ${reply.length} replies: its reads are not counted`);
      return;
    }
    for (const [i, command] of queued.entries()) this.#count(client, command, reply[i]);
  }

  #count(client: Client, command: Command, reply: unknown): void {
    if (command[WATCHED] === true) return;
    command[WATCHED] = true;
    const owner = command[CLUSTER] ?? client;
    const connection = connectionOf(owner as Client);
    if (countRead(this.cache, connection.keyPrefix, command, reply) && !connection.caches) this.#met(owner, connection);
  }

  #met(client: RedisClient | RedisCluster, connection: Connection): void {
    connection.caches = true;
    this.clients.add(client);
    client.once('end', () => {
      connection.caches = false;
      this.clients.remove(client);
    });
  }
}

function saySo(thrown: unknown): void {
  sayOnce('redis reads', `a command to Redis could not be counted: ${reason(thrown)}`);
}

function connectionOf(client: Client): Connection {
  const known = client[CONNECTION];
  if (known !== undefined) return known;
  const keyPrefix = client.options.keyPrefix?.toString() ?? '';
  const connection: Connection = { keyPrefix, transacting: false, queued: undefined, stream: undefined, caches: false };
  Object.defineProperty(client, CONNECTION, { value: connection, enumerable: false });
  return connection;
}

function isQueued(reply: unknown): boolean {
  return Buffer.isBuffer(reply) ? reply.length === 6 && reply.toString('latin1') === 'QUEUED' : reply === 'QUEUED';
}
