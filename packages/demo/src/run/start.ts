// Starts the parts of the demo, each after the parts that it needs.

import { randomBytes } from 'node:crypto';
import type { Scrape } from '../figures/increase';
import { Scraper } from '../figures/scraper';
import { LoadDriver } from '../load/driver';
import { type Address, addressesOf } from './addresses';
import { type Addresses, BackendProcess } from './backend-process';
import type { Closers } from './closers';
import { openPostgres, openRedis } from './local-servers';
import type { Options } from './options';
import { startPaymentProvider } from './payment-provider';
import { isFree } from './ports';
import { PROMETHEUS_URL, startPrometheusBeside } from './prometheus';
import { databaseSandbox, redisSandbox } from './sandbox';
import { Voice } from './voice';

export interface Started {
  readonly backend: BackendProcess;
  /** Made, but not yet at work. */
  readonly driver: LoadDriver;
  readonly scraper: Scraper;
  readonly addresses: readonly Address[];
  /** /metrics before the load. */
  readonly baseline: Scrape;
  readonly voice: Voice;
}

/** @throws an Error of a line, with the remedy */
export async function start({ port }: Options, closers: Closers): Promise<Started> {
  if (!(await isFree(port))) throw new Error(`port ${port} is taken: choose another, as in npm run demo -- --port ${port + 1}`);
  const voice = new Voice();
  const { say } = voice;
  const servers = await startServers(say, closers);
  const provider = await startPaymentProvider();
  closers.add(() => provider.stop());
  const secret = randomBytes(16).toString('hex');
  const own = (line: string): void => void (line.startsWith('[otel-preload]') && say(line));
  const backend = new BackendProcess(port, { ...servers, paymentsUrl: provider.url }, own, { LOAD_DRIVER_SECRET: secret });
  closers.add(() => backend.stop());
  const scraper = new Scraper(`http://127.0.0.1:${port}/metrics`);
  await backend.ready(() => scraper.scrape());
  const prometheus = await startPrometheusBeside(port, say);
  if (prometheus) closers.add(() => prometheus.stop());
  const addresses = addressesOf(port, prometheus && PROMETHEUS_URL);
  say('Started     the backend, with node -r @earntrack/otel-preload');
  for (const { name, url } of addresses) say(`${name.padEnd(12)}${url}`);
  const driver = new LoadDriver(port, servers.redisUrl !== undefined, undefined, secret);
  closers.add(() => driver.stop());
  return { backend, driver, scraper, addresses, baseline: await scraper.scrape(), voice };
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
