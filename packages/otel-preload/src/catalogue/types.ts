// The shape of a catalogue entry. The catalogue is data: the catalogue imports nothing, and everything else is derived from the catalogue.

import type { Family } from './families';

/** The nature of a metric's numbers: ever-growing, of the moment, or a distribution over `boundaries`. */
export type Kind = 'counter' | 'gauge' | 'histogram';

/**
 * How the same series of several processes of an app (cluster, PM2) become a single series on the wire.
 * Counters and histograms are always summed, and the counts of an ended process are kept.
 */
export type Merge = 'sum' | 'max' | 'min' | 'average';

/** Where a metric's numbers come from. */
export type Source =
  /** Derived at collection from the stream of a semantic-convention histogram, recorded in seconds. */
  | {
      readonly from: 'stream';
      readonly instrument: StreamName;
      /** `durations`: the histogram in ms. `count`: its number of records. `slow`: records above SLOW_QUERY_MS. */
      readonly take: 'durations' | 'count' | 'slow';
    }
  /** A custom instrument of the same name, written by a hook or by the app through `metric()`. */
  | { readonly from: 'instrument' }
  /** A custom observable instrument of the same name, read when metrics are collected. */
  | { readonly from: 'observation' };

/** The semantic-convention histograms that hooks record, in seconds. */
export type StreamName = 'http.server.request.duration' | 'http.client.request.duration' | 'db.client.operation.duration';

/** A documented metric. To add a metric, add such an object to a family's file. */
export interface Metric {
  readonly kind: Kind;
  readonly family: Family;
  /** The HELP line: a sentence with the unit. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Histograms only: the upper bounds of the buckets, in the metric's own unit (ms for `_ms`, s for `_seconds`). */
  readonly boundaries?: readonly number[];
  readonly merge?: Merge;
  readonly source: Source;
}
