// Which keys belong to job queues of this process: they are read through ioredis, but they are not a cache.

/** BullMQ's and Bull's prefix unless told otherwise; never a cache type, also where another process owns the queue. */
export const DEFAULT_QUEUE_PREFIX = 'bull';

export class QueueKeys {
  /** Queue names by prefix; only prefixes of the app's own choice. */
  readonly #queues = new Map<string, Set<string>>();

  /** Keys of this queue are `prefix:queue:…`. */
  add(prefix: string, queue: string): void {
    if (prefix === DEFAULT_QUEUE_PREFIX) return;
    const start = `${prefix}:`;
    const queues = this.#queues.get(start);
    // BullMQ 4 allows a colon in a queue's name: its first part then stands for it.
    const name = queue.split(':', 1)[0] ?? queue;
    if (queues === undefined) this.#queues.set(start, new Set([name]));
    else queues.add(name);
  }

  /** Whether `owns` can be true at all: most apps keep the default prefix. */
  get known(): boolean {
    return this.#queues.size > 0;
  }

  owns(key: string): boolean {
    for (const [start, queues] of this.#queues) {
      if (!key.startsWith(start)) continue;
      const end = key.indexOf(':', start.length);
      if (end !== -1 && queues.has(key.slice(start.length, end))) return true;
    }
    return false;
  }
}

/** The queues of this process: BullMQ's hook adds them, the cache's leaves their keys out. */
export const queueKeys = new QueueKeys();
