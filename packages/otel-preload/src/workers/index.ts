// A single exposition for all worker processes of an app: any worker can be scraped, and the answer covers all workers.

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
    // A single worker's counts are not the app's: with each scrape from a different worker, totals would go up and down.
    const absent = new Error(`the workers cannot put their metrics together: ${reason(thrown)}; set TMPDIR to a folder that only they can write to`);
    sayOnce('workers', `no metrics are served: ${absent.message}`);
    return () => Promise.reject(absent);
  }
}

/** NODE_UNIQUE_ID is gone when the preload runs; only a forked process can be a worker, so unforked processes need not load cluster. */
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
