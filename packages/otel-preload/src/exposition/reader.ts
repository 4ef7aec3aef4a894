// The one place where a reader of the SDK is given documented metrics instead of what the SDK collected.

import type { CollectionResult, IMetricReader, MetricProducer } from '@opentelemetry/sdk-metrics';

/** Collected data → documented data. Rejects if nothing true can be made of it. */
export type Mapping = (result: CollectionResult) => Promise<CollectionResult>;

// TypeScript accepts a mixin's constructor in this form only.
type ReaderClass = new (...args: any[]) => IMetricReader;

/**
 * A reader class whose instances see documented metrics only. Any of the SDK's readers of totals will do; for those that push see `feed`.
 *
 * @param mostSeries of an instrument without a view, so of the app's with @opentelemetry/api; the SDK counts what comes after apart
 */
export function mappedReader<R extends ReaderClass>(Reader: R, map: Mapping, mostSeries: number): R {
  return class extends Reader {
    override setMetricProducer(producer: MetricProducer): void {
      super.setMetricProducer({ collect: async (options) => map(await producer.collect(options)) });
    }

    override selectCardinalityLimit(): number {
      return mostSeries;
    }
  };
}
