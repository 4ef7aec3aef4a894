// The backend's services with faults in them: the services break, never the business code.

import type { Cache } from '../backend/cache';
import type { Database, Queries } from '../backend/database';
import type { Payments } from '../backend/payments';
import type { Platforms } from '../backend/platforms';
import type { Services } from '../backend/services';
import type { Switchboard } from './switchboard';

export class DatabaseOverloaded extends Error {
  override readonly name = 'DatabaseOverloaded';
}
export class PaymentDeclined extends Error {
  override readonly name = 'PaymentDeclined';
}
export class PlatformUnavailable extends Error {
  override readonly name = 'PlatformUnavailable';
}

export function withFaults(services: Services, faults: Switchboard): Services {
  return {
    ...services,
    database: faultyDatabase(services.database, faults),
    payments: faultyPayments(services.payments, faults),
    platforms: faultyPlatforms(services.platforms, faults),
  };
}

function faultyDatabase(database: Database, faults: Switchboard): Database {
  return {
    ...faultyQueries(database, faults),
    transaction: (work) => database.transaction((queries) => work(faultyQueries(queries, faults))),
    close: () => database.close(),
  };
}

function faultyQueries(queries: Queries, faults: Switchboard): Queries {
  return {
    async query(text, values) {
      if (faults.strikes('errors')) throw new DatabaseOverloaded('too many clients already');
      return queries.query(isReport(text) && faults.strikes('slow-queries') ? slowed(text) : text, values);
    },
  };
}

function isReport(text: string): boolean {
  return text.includes('GROUP BY platform');
}

/** The same result, 200 ms later: PostgreSQL evaluates a subquery without reference to a row once. */
function slowed(text: string): string {
  return text.replace('WHERE', 'WHERE (SELECT pg_sleep(0.2)) IS NOT NULL AND');
}

function faultyPayments(payments: Payments, faults: Switchboard): Payments {
  return {
    async send(payout) {
      // By the payout's id, so that a second attempt does not help: now and then a job has to fail for good.
      if (payout.id % 25 === 0 || faults.strikes('failing-jobs')) throw new PaymentDeclined(`payout ${payout.id} was declined`);
      await payments.send(payout);
    },
  };
}

function faultyPlatforms(platforms: Platforms, faults: Switchboard): Platforms {
  return {
    async fetchEarnings(userId, platform) {
      if (faults.strikes('failing-jobs')) throw new PlatformUnavailable(`${platform} does not answer`);
      return platforms.fetchEarnings(userId, platform);
    },
  };
}

const CACHED = ['user:*', 'session:*', 'rates:*', 'report:*'];

/** Forgets everything cached, again and again while the fault is on. Not FLUSHDB: the jobs live in the same Redis. */
export function flushRepeatedly({ redis }: Cache, prefix: string, faults: Switchboard): void {
  if (!redis) return;
  const flush = async (): Promise<void> => {
    for (const pattern of CACHED) {
      for await (const keys of redis.scanStream({ match: prefix + pattern, count: 500 }) as AsyncIterable<string[]>) {
        // The client puts the prefix before each key again.
        if (keys.length > 0) await redis.unlink(keys.map((key) => key.slice(prefix.length)));
      }
    }
  };
  setInterval(() => {
    if (redis.status === 'ready' && faults.strikes('flushed-cache')) flush().catch((error: Error) => console.error(`flush: ${error.message}`));
  }, 250).unref();
}
