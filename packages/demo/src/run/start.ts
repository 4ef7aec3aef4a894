// Starts the parts of the demo, in the order in which they need each other.

import type { Scrape } from '../figures/increase';
import { Scraper } from '../figures/scraper';
import { LoadDriver } from '../load/driver';
import { type Addresses, BackendProcess } from './backend-process';
import type { Closers } from './closers';
import { openPostgres, openRedis } from './local-servers';
import type { Options } from './options';
import { startPaymentProvider } from './payment-provider';
import { isFree } from './ports';
import { startPrometheusBeside } from './prometheus';
import { databaseSandbox, redisSandbox } from './sandbox';
import { Voice } from './voice';

export interface Started {
  readonly backend: BackendProcess;
  /** Made, but not yet at work. */
  readonly driver: LoadDriver;
  readonly scraper: Scraper;
  /** /metrics before the first request. */
  readonly baseline: Scrape;
  readonly voice: Voice;
}

/** @throws Error in one line, naming the remedy */
export async function start({ port }: Options, closers: Closers): Promise<Started> {
  if (!(await isFree(port))) throw new Error(`port ${port} is taken: choose another, as in npm run demo -- --port ${port + 1}`);
  const voice = new Voice();
  const { say } = voice;
  const servers = await startServers(say, closers);
  const provider = await startPaymentProvider();
  closers.add(() => provider.stop());
  const addresses = { ...servers, paymentsUrl: provider.url };
  const backend = new BackendProcess(port, addresses, (line) => line.startsWith('[otel-preload]') && say(line));
  closers.add(() => backend.stop());
  const scraper = new Scraper(`http://127.0.0.1:${port}/metrics`);
  await backend.ready(() => scraper.scrape());
  say(`Backend     http://localhost:${port}, started with node -r @earntrack/otel-preload`);
  say(`Metrics     http://localhost:${port}/metrics`);
  say(`Live page   http://localhost:${port}/metrics/live`);
  const prometheus = await startPrometheusBeside(port, say);
  if (prometheus) closers.add(() => prometheus.stop());
  const driver = new LoadDriver(port, addresses.redisUrl !== undefined);
  closers.add(() => driver.stop());
  return { backend, driver, scraper, baseline: await scraper.scrape(), voice };
}

async function startServers(say: (line: string) => void, closers: Closers): Promise<Addresses> {
  const postgres = await openPostgres(say);
  closers.add(() => postgres.stop());
  const database = await databaseSandbox(postgres);
  closers.add(() => database.remove());
  const redis = await openRedis(say);
  if (!redis) return { databaseUrl: database.url, redisUrl: undefined, redisPrefix: '' };
  closers.add(() => redis.stop());
  const keys = redisSandbox(redis);
  closers.add(() => keys.remove());
  return { databaseUrl: database.url, redisUrl: redis.url, redisPrefix: keys.prefix };
}
