// The only place where the SDK's collections become documented metrics.

import { type CollectionResult, type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics';

/** Collected data → documented data. Rejects if no true data can be made. */
export type Mapping = (result: CollectionResult) => Promise<CollectionResult>;

/** A reader that collects on demand, as for a scrape, and yields documented metrics alone. */
export class DocumentedReader extends MetricReader {
  constructor(private readonly map: Mapping) {
    super();
  }

  override setMetricProducer(producer: MetricProducer): void {
    super.setMetricProducer({ collect: async (options) => this.map(await producer.collect(options)) });
  }

  // There is nothing to end, and nothing waits to be sent.
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}
