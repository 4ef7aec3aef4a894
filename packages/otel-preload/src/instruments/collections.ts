// Scrapes and pushes share collections; each failure in a collection is counted and logged.

import type { CollectionResult, MetricReader } from '@opentelemetry/sdk-metrics';
import { reason, sayOnce } from '../log';
import type { Losses } from './losses';

export type Collect = () => Promise<CollectionResult>;

/**
 * Collects from a reader: all callers during a collection share its result. Rejects if the collection fails as a whole.
 *
 * @param before called before each collection
 */
export function collectionsOf(reader: MetricReader, losses: Losses, before: () => Promise<void>): Collect {
  return shared(collectorOf(reader, losses, before));
}

/** All callers during a collection share the collection. */
export function shared(collect: Collect): Collect {
  let running: Promise<CollectionResult> | undefined;
  return () => (running ??= collect().finally(() => (running = undefined)));
}

function collectorOf(reader: MetricReader, losses: Losses, before: () => Promise<void>): Collect {
  return async () => {
    try {
      await before();
      const result = await reader.collect();
      if (result.errors.length > 0) {
        losses.collectFailed();
        sayOnce('collect errors', `a metric could not be read and may be missing or old: ${reason(result.errors[0])}`);
      }
      return result;
    } catch (thrown) {
      losses.collectFailed();
      sayOnce('collect', `metrics could not be collected, the scrape is answered with 503: ${reason(thrown)}`);
      throw thrown;
    }
  };
}
