// The cache: values in Redis that the database can give again. A Redis that is down, or absent, costs speed and nothing else.

import { Redis } from 'ioredis';

type Load<T> = () => Promise<T | undefined>;

export class Cache {
  constructor(readonly redis: Redis | undefined) {}

  /** The value under `key`, or the result of `load`, kept for `seconds`. An undefined result is not kept. */
  async read<T>(key: string, seconds: number, load: Load<T>): Promise<T | undefined> {
    const cached = await this.#try((redis) => redis.get(key));
    if (cached) return JSON.parse(cached) as T;
    const value = await load();
    if (value !== undefined) await this.#try((redis) => redis.set(key, JSON.stringify(value), 'EX', seconds));
    return value;
  }

  /** The values under `keys`, in a single round trip; `load` gives the missing values. */
  async readMany<T>(keys: string[], seconds: number, load: (missing: string[]) => Promise<Map<string, T>>): Promise<T[]> {
    const cached = (await this.#try((redis) => redis.mget(keys))) ?? [];
    const found = new Map(keys.flatMap((key, index) => (cached[index] ? [[key, JSON.parse(cached[index]) as T]] : [])));
    const missing = keys.filter((key) => !found.has(key));
    const loaded = missing.length > 0 ? await load(missing) : new Map<string, T>();
    await Promise.all([...loaded].map(([key, value]) => this.#try((redis) => redis.set(key, JSON.stringify(value), 'EX', seconds))));
    return keys.flatMap((key) => found.get(key) ?? loaded.get(key) ?? []);
  }

  /** Like {@link read}, for a flat record, kept as a hash. */
  async readHash<T extends Record<string, string>>(key: string, seconds: number, load: Load<T>): Promise<T | undefined> {
    const cached = await this.#try((redis) => redis.hgetall(key));
    if (cached && Object.keys(cached).length > 0) return cached as T;
    const value = await load();
    if (value !== undefined) await this.#try((redis) => redis.multi().hset(key, value).expire(key, seconds).exec());
    return value;
  }

  /** Forgets the value under `key`, after a change. */
  async drop(key: string): Promise<void> {
    await this.#try((redis) => redis.del(key));
  }

  /** Whether Redis answers; undefined if there is none. */
  async ping(): Promise<boolean | undefined> {
    return this.redis && (await this.#try((redis) => redis.ping())) === 'PONG';
  }

  async close(): Promise<void> {
    await this.redis?.quit().catch(() => this.redis?.disconnect());
  }

  /** The connection's own 'error' event tells the fault, once; here a fault only means "not cached". */
  async #try<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    try {
      return this.redis && (await command(this.redis));
    } catch {
      return undefined;
    }
  }
}

export function openCache(url: string | undefined, keyPrefix: string): Cache {
  if (!url) return new Cache(undefined);
  const redis = new Redis(url, { keyPrefix, maxRetriesPerRequest: 1 });
  redis.on('error', (error) => console.error(`cache unavailable: ${error.message}`));
  return new Cache(redis);
}
