// Which objects are clients of ioredis: those whose class came out of that package. BullMQ's wrappers of other clients have its methods, too.

import type { RedisClient, RedisCluster } from './client';

const classes = new WeakSet<object>();

/** To be called when ioredis has been loaded, which may be there in several versions. */
export function rememberClasses(...prototypes: object[]): void {
  for (const prototype of prototypes) classes.add(prototype);
}

export function isOfIORedis(client: object): client is RedisClient | RedisCluster {
  for (let owner: object | null = client; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (classes.has(owner)) return true;
  }
  return false;
}
