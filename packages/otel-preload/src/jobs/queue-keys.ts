// Tells the keys of this process' job queues: such keys are read through ioredis, but are not a cache.

import { sayOnce } from '../log';

/** BullMQ's and Bull's prefix unless told otherwise; never a cache type, also where another process owns the queue. */
export const DEFAULT_QUEUE_PREFIX = 'bull';

/** Names beyond these push the oldest out: some 100 bytes each. */
const MOST_NAMES = 10_000;

export class QueueKeys {
  /** `prefix:queue`, of prefixes of the app's own choice alone; the latest named is last. */
  readonly #names = new Set<string>();
  /** Whether any name has so many colons: a key is looked up by as many of its own parts as there are such lengths, mostly a single length. */
  readonly #withColons: boolean[] = [];

  /** Keys of this queue are `prefix:queue:…`. */
  add(prefix: string, queue: string): void {
    if (prefix === DEFAULT_QUEUE_PREFIX) return;
    // BullMQ 4 allows a colon in a queue's name: the first part of the name then stands for the name.
    const name = `${prefix}:${queue.split(':', 1)[0]}`;
    this.#names.delete(name);
    this.#names.add(name);
    this.#withColons[name.split(':').length - 1] = true;
    if (this.#names.size > MOST_NAMES) this.#forgetOldest();
  }

  /** Whether `owns` can be true at all: most apps keep the default prefix. */
  get known(): boolean {
    return this.#names.size > 0;
  }

  owns(key: string): boolean {
    let end = key.indexOf(':');
    for (let colons = 0; end !== -1 && colons < this.#withColons.length; colons += 1) {
      if (this.#withColons[colons] === true && this.#names.has(key.slice(0, end))) return true;
      end = key.indexOf(':', end + 1);
    }
    return false;
  }

  #forgetOldest(): void {
    const [oldest = ''] = this.#names;
    this.#names.delete(oldest);
    const remedy = 'fewer queues, or METRICS_DISABLE=cache';
    sayOnce('queue keys', `${MOST_NAMES} queues have prefixes of their own: what is read of older ones now counts as a cache's. Remedy: ${remedy}`);
  }
}

/** The queues of this process: BullMQ's hook adds them, the cache's leaves their keys out. */
export const queueKeys = new QueueKeys();
