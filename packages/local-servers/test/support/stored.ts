// What is done with a Redis in a process of its own, to see that it works.

/** Names of its program. */
export const REDIS = ['redis-server', 'valkey-server'];

/** Starts a Redis, stores and reads a value, and tells it with where the server's program came from. */
export const STORED = `
  const Redis = requireHere('ioredis');
  const said = [];
  const redis = await servers.startRedis({ say: (line) => said.push(line) });
  const client = new Redis(redis.url);
  await client.set('a', 'stored');
  const value = await client.get('a');
  await client.quit();
  await redis.stop();
  tell({ value, said, url: redis.url });`;

export interface Stored {
  value: string;
  said: string[];
  url: string;
}
