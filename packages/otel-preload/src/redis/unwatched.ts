// The methods of ioredis as they are before anybody wraps them. Connections of ours use them: what we ask is no traffic of the app's, neither
// in our counts nor in the traces of an SDK that the app has.

import type { RedisClient } from './client';

type Methods = Readonly<Record<'sendCommand' | 'connect', unknown>>;

const methods = new WeakMap<object, Methods>();

/** To be called when ioredis has just been loaded. */
export function rememberMethods(prototype: Methods): void {
  const { sendCommand, connect } = prototype;
  methods.set(prototype, { sendCommand, connect });
}

/** Takes a client out of everybody's sight. */
export function unwatched(client: RedisClient): RedisClient {
  for (let owner: object | null = client; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    if (methods.has(owner)) return Object.assign(client, methods.get(owner));
  }
  return client;
}
