// Counts the active users every few seconds, as a cron job would.

import { job, metric } from '@earntrack/otel-preload/metrics';
import type { Database } from '../database';
import { countActiveUsers } from '../store/sessions';

const EVERY_MS = 5_000;

/** @returns stops the count */
export function reportActiveUsers(database: Database): () => void {
  const count = async (): Promise<void> => {
    await job('count-active-users', async () => metric('active_users').record(await countActiveUsers(database)));
  };
  const timer = setInterval(() => {
    count().catch((error: Error) => console.error(`active users not counted: ${error.message}`));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
