// Takes jobs from the queue and runs them, in the API's own process.

import { type Job, Worker } from 'bullmq';
import type { Services } from '../services';
import { givenUp, processors } from './processors';
import type { JobName } from './queue';

/** @returns undefined without Redis */
export function startWorker(services: Services): Worker | undefined {
  const { place } = services.jobs;
  if (!place) return undefined;
  const worker = new Worker(place.name, (job) => run(job, services), {
    connection: { url: place.url },
    prefix: place.prefix,
    concurrency: 5,
  });
  worker.on('error', (error) => console.error(`worker: ${error.message}`));
  worker.on('failed', (job, error) => void failed(job, error, services));
  return worker;
}

async function run({ name, data }: Job, services: Services): Promise<void> {
  const process = processors[name as JobName] as ((data: unknown, services: Services) => Promise<void>) | undefined;
  if (!process) throw new Error(`no such job: ${name}`);
  await process(data, services);
}

async function failed(job: Job | undefined, error: Error, services: Services): Promise<void> {
  const final = Boolean(job?.finishedOn);
  console.error(`job ${job?.name} ${job?.id} failed${final ? ' for good' : ', will be tried again'}: ${error.message}`);
  if (!job || !final) return;
  const clear = givenUp[job.name as JobName] as ((data: unknown, services: Services) => Promise<void>) | undefined;
  await clear?.(job.data, services).catch((thrown: Error) => console.error(`job ${job.name} ${job.id}: ${thrown.message}`));
}
