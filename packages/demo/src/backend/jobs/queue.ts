// The queue of background jobs: their names, their data, how often they are tried.

import { Queue, type ConnectionOptions } from 'bullmq';
import { ServiceUnavailable } from '../http/http-error';
import type { Platform } from '../platforms';

/** Each job's data, by its name. */
export interface Jobs {
  'import-earnings': { userId: number; platform: Platform };
  'send-payout': { payoutId: number };
  'build-report': { userId: number; month: string };
}
export type JobName = keyof Jobs;

export interface JobQueue {
  /** Where the queue is; undefined without Redis, and then there is no worker either. */
  readonly place: QueuePlace | undefined;
  /** @throws ServiceUnavailable without Redis */
  add<N extends JobName>(name: N, data: Jobs[N]): Promise<void>;
  close(): Promise<void>;
}

export interface QueuePlace {
  readonly name: string;
  readonly url: string;
  readonly prefix: string;
}

const ATTEMPTS = { attempts: 3, backoff: { type: 'exponential', delay: 500 } };
/** Enough for a look into recent failures, without filling Redis. */
const KEPT = { removeOnComplete: 200, removeOnFail: 1_000 };

export function openJobQueue(url: string | undefined, keyPrefix: string): JobQueue {
  if (!url) return noJobs;
  const place = { name: 'earntrack', url, prefix: `${keyPrefix}bull` };
  // A request must not wait for a Redis that is down: after a retry the client hears of the fault.
  const connection: ConnectionOptions = { url, maxRetriesPerRequest: 1 };
  const queue = new Queue(place.name, {
    connection,
    prefix: place.prefix,
    skipWaitingForReady: true,
    defaultJobOptions: { ...ATTEMPTS, ...KEPT },
  });
  queue.on('error', (error) => console.error(`job queue unavailable: ${error.message}`));
  return {
    place,
    add: async (name, data) => void (await queue.add(name, data)),
    close: () => queue.close(),
  };
}

const noJobs: JobQueue = {
  place: undefined,
  add: async () => {
    throw new ServiceUnavailable('background jobs are switched off: REDIS_URL is not set');
  },
  close: async () => {},
};
