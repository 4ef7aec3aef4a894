// `npm run dev`: the backend alone, with the preload, on DATABASE_URL and REDIS_URL, or on servers that end with it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Addresses, backendArguments, backendSettings } from './run/backend-process';
import { Closers } from './run/closers';
import { openPostgres, openRedis } from './run/local-servers';

async function main(): Promise<number> {
  const closers = new Closers();
  try {
    const postgres = await openPostgres(console.log);
    closers.add(() => postgres.stop());
    const redis = await openRedis(console.log);
    if (redis) closers.add(() => redis.stop());
    return await runBackend({ databaseUrl: postgres.url, redisUrl: redis?.url, redisPrefix: process.env.REDIS_PREFIX ?? '' });
  } finally {
    await closers.run();
  }
}

/** Resolves to the backend's exit code; the environment wins over the settings of the guide. */
async function runBackend(addresses: Addresses): Promise<number> {
  const env = { ...backendSettings(Number(process.env.PORT || 3001), addresses), ...process.env };
  const backend = spawn(process.execPath, backendArguments('backend/main.js'), { env, stdio: 'inherit' });
  // Ctrl-C reaches the backend without us, and it may take its time; a SIGTERM for us is meant for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => backend.kill('SIGTERM'));
  const [code] = (await once(backend, 'exit')) as [number | null];
  return code ?? 1;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`dev: ${error.message}`);
    process.exit(1);
  },
);
