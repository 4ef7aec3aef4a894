// Collections as scrapes and pushes share them, with what failed in them counted and said.

import type { CollectionResult, MetricReader } from '@opentelemetry/sdk-metrics';
import { reason, sayOnce } from '../log';
import type { Losses } from './losses';

export type Collect = () => Promise<CollectionResult>;

/**
 * Collects from a reader: once for all who ask while a collection is under way. Rejects if it fails as a whole.
 *
 * @param before called before each collection
 */
export function collectionsOf(reader: MetricReader, losses: Losses, before: () => Promise<void>): Collect {
  return shared(collectorOf(reader, losses, before));
}

/** One collection for all who ask while it is under way. */
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
