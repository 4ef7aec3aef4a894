// The services of routes and jobs. Opened once at start, closed once at the end.

import { type Cache, openCache } from './cache';
import type { Config } from './config';
import { type Database, openDatabase } from './database';
import { type JobQueue, openJobQueue } from './jobs/queue';
import { LiveUpdates } from './live';
import { loadSampleData, migrate } from './migrate';
import { openPayments, type Payments } from './payments';
import { type Platforms, sandboxPlatforms } from './platforms';

export interface Services {
  readonly database: Database;
  readonly cache: Cache;
  readonly jobs: JobQueue;
  readonly live: LiveUpdates;
  readonly platforms: Platforms;
  readonly payments: Payments;
}

/** @throws if the database cannot be reached or brought up to date */
export async function openServices(config: Config): Promise<Services> {
  const database = openDatabase(config.databaseUrl);
  await migrate(database);
  if (config.sampleData) await loadSampleData(database);
  return {
    database,
    cache: openCache(config.redisUrl, config.redisPrefix),
    jobs: openJobQueue(config.redisUrl, config.redisPrefix),
    live: new LiveUpdates(),
    platforms: sandboxPlatforms,
    payments: openPayments(config.paymentsUrl),
  };
}

export async function closeServices({ database, cache, jobs }: Services): Promise<void> {
  await Promise.all([jobs.close(), cache.close()]);
  await database.close();
}
