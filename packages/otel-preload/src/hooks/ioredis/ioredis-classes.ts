// Tells clients of ioredis: objects of a class of that package. BullMQ's wrappers of different clients have the same methods.

import type { RedisClient, RedisCluster } from './client';

const classes = new WeakSet<object>();

/** Call when ioredis has been loaded; a process may load several versions. */
export function rememberClasses(...prototypes: object[]): void {
  for (const prototype of prototypes) classes.add(prototype);
}

export function isOfIORedis(client: object): client is RedisClient | RedisCluster {
  for (let owner: object | null = client; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (classes.has(owner)) return true;
  }
  return false;
}
