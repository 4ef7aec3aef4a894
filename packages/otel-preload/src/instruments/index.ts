// The interface for hooks to write to: instruments named as in the catalogue, with label values in the catalogue's order.

import type { Catalogue, MetricName, StreamName } from '../catalogue';

/** A metric's label values, in the order of its labels in the catalogue. */
export type LabelTuple<N extends MetricName> = ValuesOf<Catalogue[N]['labels']>;
type ValuesOf<Labels extends readonly string[]> = { [I in keyof Labels]: string } extends infer V extends readonly string[] ? V : never;

type NamesOf<K> = { [N in MetricName]: Catalogue[N]['kind'] extends K ? N : never }[MetricName];
type Sourced<F> = { [N in MetricName]: Catalogue[N]['source']['from'] extends F ? N : never }[MetricName];

/** Metrics written by hooks and by the app as things happen. */
export type WrittenName = Sourced<'instrument'>;
/** Metrics read at each collection. */
export type ObservedName = Sourced<'observation'>;

/** Writes a value of an observed series. */
export type Observe<N extends MetricName> = (value: number, ...labels: LabelTuple<N>) => void;

/** The attributes of the semantic-convention streams, in the order in which hooks record them. */
export interface StreamValues {
  'http.server.request.duration': readonly [method: string, status: string, endpoint: string];
  'http.client.request.duration': readonly [method: string, host: string, status: string];
  'db.client.operation.duration': readonly [queryType: string, table: string];
}

export interface Instruments {
  /** Adds to a counter; 0 creates the series. */
  readonly add: <N extends WrittenName & NamesOf<'counter'>>(name: N, value: number, ...labels: LabelTuple<N>) => void;
  /** Records into a gauge or histogram, in the metric's unit. */
  readonly record: <N extends WrittenName & NamesOf<'gauge' | 'histogram'>>(name: N, value: number, ...labels: LabelTuple<N>) => void;
  /** Records a duration in seconds into a semantic-convention stream. */
  readonly duration: <S extends StreamName>(stream: S, seconds: number, ...values: StreamValues[S]) => void;
  /** Reads a metric at each collection. `read` is synchronous and cheap. If `read` throws, the metric is left out, and the first time is logged. */
  readonly observe: <N extends ObservedName>(name: N, read: (observe: Observe<N>) => void) => void;
  /**
   * The label value for a record: the value itself, or `other` once the label's cap is reached. For hooks with counts of their own;
   * the methods above cap every value anyway.
   */
  readonly admit: (label: string, value: string) => string;
  /** Counts a loss, for otel_preload_dropped_total. */
  readonly dropped: (reason: string) => void;
}
