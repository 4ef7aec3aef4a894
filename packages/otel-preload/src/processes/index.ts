// One exposition for all worker processes of an app: whichever is scraped answers for all.

import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { shared, type Collect } from '../instruments/collections';
import { reason, sayOnce } from '../log';
import { familiesOf, metricsOf } from './family';
import { Siblings } from './siblings';

/**
 * Makes the collections of a cluster worker, PM2's included, those of all workers: the port is shared, and a scrape reaches any.
 * Elsewhere they stay as they are.
 */
export function ofAllWorkers(collect: Collect): Collect {
  if (!isClusterWorker()) return collect;
  try {
    const siblings = new Siblings(async () => familiesOf(metricsIn(await collect())));
    siblings.open((fault) => sayOnce('worker', `the metrics of a worker could not be kept for the other workers: ${reason(fault)}`));
    return shared(() => together(siblings, collect));
  } catch (thrown) {
    sayOnce('workers', `the workers' metrics cannot be put together, each scrape shows one worker alone: ${reason(thrown)}`);
    return collect;
  }
}

/** NODE_UNIQUE_ID is gone when the preload runs; only a forked process can be a worker, so that others need not load cluster. */
function isClusterWorker(): boolean {
  return process.connected && (require('node:cluster') as typeof import('node:cluster').default).isWorker;
}

async function together(siblings: Siblings, collect: Collect): Promise<CollectionResult> {
  const metrics = metricsOf(await siblings.families());
  const { resourceMetrics, errors } = await collect();
  const scope = resourceMetrics.scopeMetrics[0]?.scope ?? { name: '' };
  return { resourceMetrics: { ...resourceMetrics, scopeMetrics: [{ scope, metrics }] }, errors };
}

const metricsIn = ({ resourceMetrics }: CollectionResult) => resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
