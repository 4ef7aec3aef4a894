// The number of jobs in the queues of this process' workers, by state: job_queue_depth, or nothing when the depth cannot be known.

import { inBackground } from '../../later';
import { sayOnce } from '../../log';
import { isReady, serversOf, type RedisClient, type RedisCluster } from '../ioredis/client';
import { isOfIORedis } from '../ioredis/ioredis-classes';
import type { OwnConnections } from '../ioredis/own-connections';
import { addressOf, loginOf } from '../ioredis/place';
import { Poll } from '../ioredis/poll';
import type { Reply } from '../ioredis/resp';

const REMEDY = "look whether the server is up, and whether the app's user may run LLEN, LINDEX and ZCARD";

/** The parts of a Worker of BullMQ 4, 5 and 6 for finding its queue and its client. */
export interface QueueWorker {
  readonly name: string;
  toKey(type: string): string;
  /** 4 and 5 */
  readonly client?: Promise<object>;
  /** 6, whose queues need not be in Redis, nor reached through ioredis. */
  readonly backend?: { readonly client?: Promise<object> };
}

type QueueState = 'waiting' | 'active' | 'delayed' | 'prioritized' | 'failed';
/** Jobs by state. */
type Depth = Readonly<Record<QueueState, number>>;

type Client = RedisClient | RedisCluster;

/** The answers about the queues of a name. */
interface Told {
  readonly depth: Depth;
  readonly clients: readonly Client[];
}

export class QueueDepth {
  /** The workers with their clients, once the clients are known. */
  readonly #workers = new Map<QueueWorker, Client | undefined>();
  readonly #poll = new Poll('job_queue_depth', REMEDY, () => this.#ask());
  #told: ReadonlyMap<string, Told> = new Map();

  constructor(private readonly connections: OwnConnections) {}

  /** A worker of this process with its connection. */
  add(worker: QueueWorker): void {
    this.#workers.set(worker, undefined);
    inBackground('job_queue_depth', this.#learnClient(worker));
  }

  remove(worker: QueueWorker): void {
    this.#workers.delete(worker);
  }

  /** By queue name, as of the last question; without queues of no worker here, and without queues of a lost server. */
  *entries(): IterableIterator<[queue: string, depth: Depth]> {
    const working = new Set([...this.#workers.keys()].map(({ name }) => name));
    for (const [queue, { depth, clients }] of this.#told) if (working.has(queue) && clients.every(isReady)) yield [queue, depth];
  }

  async #learnClient(worker: QueueWorker): Promise<void> {
    const client = await clientOf(worker);
    if (client === undefined || !this.#workers.has(worker)) return;
    this.#workers.set(worker, client);
    this.#poll.start();
  }

  async #ask(): Promise<void> {
    this.connections.forgetEnded();
    const told = new Map<string, Told>();
    const silent = new Map<string, unknown>();
    const asked = new Set<string>();
    for (const [worker, client] of this.#workers) {
      if (client === undefined) continue;
      try {
        await this.#askFor(worker, client, asked, told);
      } catch (thrown) {
        // If the app has lost its own connection, or is closing the connection, the app knows already: no log line.
        silent.set(worker.name, isReady(client) ? thrown : undefined);
      }
    }
    for (const queue of silent.keys()) told.delete(queue);
    this.#told = told;
    for (const thrown of silent.values()) if (thrown !== undefined) throw thrown;
  }

  /** Queues of the same name, with several prefixes or on several servers, share a label: their depths add up. */
  async #askFor(worker: QueueWorker, client: Client, asked: Set<string>, told: Map<string, Told>): Promise<void> {
    const servers = serversOf(client);
    const queue = [worker.toKey(''), ...servers.map((server) => `${addressOf(server)}/${loginOf(server).database}`).sort()].join(' ');
    if (asked.has(queue)) return;
    asked.add(queue);
    const depth = await this.#depthOf(worker, servers);
    const { depth: other, clients = [] } = told.get(worker.name) ?? {};
    told.set(worker.name, { depth: other === undefined ? depth : sum(other, depth), clients: [...clients, client] });
  }

  /** A single master of a cluster has the queue; the rest answer MOVED. */
  async #depthOf(worker: QueueWorker, servers: readonly RedisClient[]): Promise<Depth> {
    let failure: unknown = new Error('no master is known');
    for (const server of servers) {
      try {
        return depthIn(await this.connections.ask(server, ...questionsOn(worker)));
      } catch (thrown) {
        failure = thrown;
      }
    }
    throw failure;
  }
}

/** Undefined where BullMQ 6 is not on ioredis. */
async function clientOf(worker: QueueWorker): Promise<Client | undefined> {
  // BullMQ itself says why there is none.
  const client = await Promise.resolve(worker.client ?? worker.backend?.client).catch(() => undefined);
  if (client !== undefined && isOfIORedis(client)) return client;
  sayOnce('job_queue_depth client', 'job_queue_depth is left out for queues that BullMQ does not reach through ioredis');
  return undefined;
}

function questionsOn(worker: QueueWorker): string[][] {
  const lists = [worker.toKey('wait'), worker.toKey('paused')];
  return [
    ...lists.flatMap((list) => [
      ['LLEN', list],
      ['LINDEX', list, '-1'],
    ]),
    ['LLEN', worker.toKey('active')],
    ...['delayed', 'prioritized', 'failed'].map((type) => ['ZCARD', worker.toKey(type)]),
  ];
}

function depthIn([wait, lastWaiting, paused, lastPaused, ...sizes]: readonly Reply[]): Depth {
  const [active = 0, delayed = 0, prioritized = 0, failed = 0] = sizes.map(Number);
  return { waiting: jobsIn(wait, lastWaiting) + jobsIn(paused, lastPaused), active, delayed, prioritized, failed };
}

/** BullMQ 4 may keep a marker at the end of the list. The marker is no job; BullMQ's getCounts leaves the marker out likewise. */
function jobsIn(length: Reply | undefined, last: Reply | undefined): number {
  return Number(length) - (String(last).startsWith('0:') ? 1 : 0);
}

function sum(one: Depth, other: Depth): Depth {
  const states = Object.keys(other) as QueueState[];
  return Object.fromEntries(states.map((state) => [state, one[state] + other[state]])) as unknown as Depth;
}
