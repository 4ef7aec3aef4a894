// `npm run dev`: the backend alone, with the preload, on DATABASE_URL and REDIS_URL, or on servers of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Addresses, backendArguments, backendSettings } from './run/backend-process';
import { Closers } from './run/closers';
import { interruption } from './run/interruption';
import { openPostgres, openRedis } from './run/local-servers';

/** Resolves to the exit code. */
async function main(): Promise<number> {
  const interrupted = interruption();
  const closers = new Closers();
  try {
    const postgres = await openPostgres(console.log);
    closers.add(() => postgres.stop());
    const redis = await openRedis(console.log);
    if (redis) closers.add(() => redis.stop());
    const addresses = { databaseUrl: postgres.url, redisUrl: redis?.url, redisPrefix: process.env.REDIS_PREFIX ?? '' };
    return interrupted.aborted ? (interrupted.reason as number) : await runBackend(addresses, interrupted);
  } finally {
    await closers.run();
  }
}

/** Resolves to the backend's exit code. The environment wins over the documented settings. */
async function runBackend(addresses: Addresses, interrupted: AbortSignal): Promise<number> {
  const env = { ...backendSettings(Number(process.env.PORT || 3001), addresses), ...process.env };
  // Detached: Ctrl-C reaches the backend through us alone, once.
  const backend = spawn(process.execPath, backendArguments('backend/main.js'), { env, stdio: 'inherit', detached: true });
  interrupted.addEventListener('abort', () => backend.kill('SIGTERM'));
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
