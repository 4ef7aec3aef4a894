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

type QueueState = 'waiting' | 'active' | 'delayed' | 'prioritized' | 'failed';
/** Jobs by state. */
type Depth = Readonly<Record<QueueState, number>>;

type Client = RedisClient | RedisCluster;

/** What was told of the queues of one name. */
interface Told {
  readonly depth: Depth;
  readonly clients: readonly Client[];
}

export class QueueDepth {
  readonly #workers = new Set<QueueWorker>();
  readonly #poll = new Poll('job_queue_depth', () => this.#ask());
  #told: ReadonlyMap<string, Told> = new Map();

  constructor(private readonly connections: OwnConnections) {}

  /** A worker of this process that has its connection. */
  add(worker: QueueWorker): void {
    this.#workers.add(worker);
    this.#poll.start();
  }

  remove(worker: QueueWorker): void {
    this.#workers.delete(worker);
  }

  /** By queue name, as of the last question; without queues that no worker here works on, or whose server is gone. */
  *entries(): IterableIterator<[queue: string, depth: Depth]> {
    const working = new Set([...this.#workers].map(({ name }) => name));
    for (const [queue, { depth, clients }] of this.#told) if (working.has(queue) && clients.every(isReady)) yield [queue, depth];
  }

  async #ask(): Promise<void> {
    const told = new Map<string, Told>();
    const silent = new Set<string>();
    const asked = new Set<string>();
    for (const worker of this.#workers) {
      try {
        await this.#askFor(worker, asked, told);
      } catch (thrown) {
        silent.add(worker.name);
        const remedy = "look whether the server is up, and whether the app's user may run LLEN, LINDEX and ZCARD";
        sayOnce('job_queue_depth', `job_queue_depth is left out until Redis tells it (${reason(thrown)}): ${remedy}`);
      }
    }
    for (const queue of silent) told.delete(queue);
    this.#told = told;
  }

  /** Queues of one name, with several prefixes or on several servers, are one label: their depths add up. */
  async #askFor(worker: QueueWorker, asked: Set<string>, told: Map<string, Told>): Promise<void> {
    const client = await clientOf(worker);
    if (client === undefined) return;
    const servers = serversOf(client).map((server) => this.connections.beside(server));
    const queue = [worker.toKey(''), ...servers.map(({ address }) => address).sort()].join(' ');
    if (asked.has(queue)) return;
    asked.add(queue);
    const depth = await depthOf(worker, servers);
    const { depth: other, clients = [] } = told.get(worker.name) ?? {};
    told.set(worker.name, { depth: other === undefined ? depth : sum(other, depth), clients: [...clients, client] });
  }
}

/** Undefined where BullMQ 6 is not on ioredis, which it tells apart by the same method. */
async function clientOf(worker: QueueWorker): Promise<Client | undefined> {
  const client = await (worker.client ?? worker.backend?.client);
  if (client !== undefined && 'defineCommand' in client) return client;
  sayOnce('job_queue_depth client', 'job_queue_depth is left out for queues that BullMQ does not reach through ioredis');
  return undefined;
}

/** Of a cluster's masters one has the queue; the others answer MOVED. */
async function depthOf(worker: QueueWorker, servers: readonly OwnConnection[]): Promise<Depth> {
  let failure: unknown = new Error('no master is known');
  for (const server of servers) {
    try {
      return await ask(worker, server);
    } catch (thrown) {
      failure = thrown;
    }
  }
  throw failure;
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

function sum(one: Depth, other: Depth): Depth {
  const states = Object.keys(other) as QueueState[];
  return Object.fromEntries(states.map((state) => [state, one[state] + other[state]])) as unknown as Depth;
}
