// How many jobs lie in the queues that this process works on, by state: job_queue_depth, or nothing when it cannot be known.

import { reason, sayOnce } from '../log';
import { isReady, serversOf, type RedisClient, type RedisCluster } from './client';
import type { OwnConnection } from './own-connection';
import type { OwnConnections } from './own-connections';
import { Poll } from './poll';

/** The parts of a Worker of BullMQ 4, 5 and 6 that name its queue and lead to its client. */
export interface QueueWorker {
  readonly name: string;
  toKey(type: string): string;
  /** 4 and 5 */
  readonly client?: Promise<RedisClient | RedisCluster>;
  /** 6, whose queues need not be in Redis, nor reached through ioredis. */
  readonly backend?: { readonly client?: Promise<RedisClient | RedisCluster> };
}

export type QueueState = 'waiting' | 'active' | 'delayed' | 'prioritized' | 'failed';
/** Jobs by state. */
export type Depth = Readonly<Record<QueueState, number>>;

export class QueueDepth {
  readonly #workers = new Set<QueueWorker>();
  readonly #poll = new Poll('job_queue_depth', () => this.#ask());
  #depths: ReadonlyMap<string, Depth> = new Map();

  constructor(private readonly connections: OwnConnections) {}

  /** A worker of this process that has its connection. */
  add(worker: QueueWorker): void {
    this.#workers.add(worker);
    this.#poll.start();
  }

  remove(worker: QueueWorker): void {
    this.#workers.delete(worker);
  }

  /** By queue name, as of the last question; without queues that no worker of this process works on any more. */
  *entries(): IterableIterator<[queue: string, depth: Depth]> {
    const working = new Set([...this.#workers].map(({ name }) => name));
    for (const entry of this.#depths) if (working.has(entry[0])) yield entry;
  }

  async #ask(): Promise<void> {
    const depths = new Map<string, Depth>();
    const asked = new Set<string>();
    for (const worker of this.#workers) {
      const servers = await this.#serversOf(worker);
      const queue = [worker.toKey(''), ...servers.map(({ address }) => address).sort()].join(' ');
      if (servers.length === 0 || asked.has(queue)) continue;
      asked.add(queue);
      const depth = await depthOf(worker, servers);
      if (depth !== undefined) depths.set(worker.name, sum(depths.get(worker.name), depth));
    }
    this.#depths = depths;
  }

  async #serversOf(worker: QueueWorker): Promise<OwnConnection[]> {
    const client = await (worker.client ?? worker.backend?.client);
    if (client === undefined || !isReady(client)) return [];
    return serversOf(client).map((server) => this.connections.beside(server));
  }
}

/** Of a cluster's masters one has the queue; the others answer MOVED. */
async function depthOf(worker: QueueWorker, servers: readonly OwnConnection[]): Promise<Depth | undefined> {
  let failure: unknown;
  for (const server of servers) {
    try {
      return await ask(worker, server);
    } catch (thrown) {
      failure = thrown;
    }
  }
  const remedy = 'look whether the server is up, and whether the app\'s user may run LLEN, LINDEX and ZCARD';
  sayOnce('job_queue_depth', `job_queue_depth is left out until Redis tells it (${reason(failure)}): ${remedy}`);
  return undefined;
}

async function ask(worker: QueueWorker, server: OwnConnection): Promise<Depth> {
  const sorted = async (type: string): Promise<number> => Number(await server.ask('zcard', worker.toKey(type)));
  const [wait, paused, active, delayed, prioritized, failed] = await Promise.all([
    waiting(server, worker.toKey('wait')),
    waiting(server, worker.toKey('paused')),
    server.ask('llen', worker.toKey('active')),
    sorted('delayed'),
    sorted('prioritized'),
    sorted('failed'),
  ]);
  return { waiting: wait + paused, active: Number(active), delayed, prioritized, failed };
}

/** BullMQ 4 may keep a marker at the end of the list, which is no job; its getCounts leaves it out likewise. */
async function waiting(server: OwnConnection, key: string): Promise<number> {
  const [length, last] = await Promise.all([server.ask('llen', key), server.ask('lindex', key, '-1')]);
  return Number(length) - (String(last).startsWith('0:') ? 1 : 0);
}

/** Queues of one name, with several prefixes or on several servers, are one label. */
function sum(one: Depth | undefined, other: Depth): Depth {
  if (one === undefined) return other;
  const states = Object.keys(other) as QueueState[];
  return Object.fromEntries(states.map((state) => [state, one[state] + other[state]])) as unknown as Depth;
}
