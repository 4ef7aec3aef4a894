// The meeting point of the preload and the app's own copy of the public API: a mark on the global object of the process.

/** The methods of a running preload for `metrics.ts`; stable across versions of this package. */
export interface Preloaded {
  readonly version: string;
  add(name: string, value: number, labels: Readonly<Record<string, string>>): void;
  record(name: string, value: number, labels: Readonly<Record<string, string>>): void;
  declare(name: string, metric: OwnMetric): void;
}

/** A metric of the app's own. */
export interface OwnMetric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** The HELP line: a sentence with the unit. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Histograms only: upper bounds of the buckets, in the metric's unit, ascending. */
  readonly boundaries?: readonly number[];
}

const MARK = Symbol.for('@earntrack/otel-preload');

interface Marked {
  [MARK]?: Preloaded;
}

export function preloaded(): Preloaded | undefined {
  return (globalThis as Marked)[MARK];
}

export function publish(preload: Preloaded): void {
  (globalThis as Marked)[MARK] = preload;
}
