// The public API for the app's own metrics. Harmless where the preload is off: nothing is recorded, nothing is loaded.

import type { Catalogue } from './catalogue';
import { reason, sayOnce } from './log';
import { type OwnMetric, preloaded } from './preloaded';

export type { OwnMetric } from './preloaded';

type Labels<L extends string> = [L] extends [never] ? Readonly<Record<string, never>> | undefined : Readonly<Record<L, string>>;
type LabelArguments<L extends string> = [L] extends [never] ? [] : [labels: Labels<L>];

/** Ever-growing count. */
export interface Counter<L extends string> {
  /**
   * Adds to the counter.
   *
   * @param value how many; not negative. 0 makes the series visible before the first event
   * @param labels a value for each of the metric's labels
   */
  add(value: number, ...labels: LabelArguments<L>): void;
}

/** A value of the moment (gauge), or a sample of a distribution (histogram). */
export interface Recorder<L extends string> {
  /**
   * Records a value in the metric's unit.
   *
   * @param value the current value (gauge), or the sample to count (histogram)
   * @param labels a value for each of the metric's labels
   */
  record(value: number, ...labels: LabelArguments<L>): void;
}

type InstrumentOf<M extends { kind: OwnMetric['kind']; labels: readonly string[] }> = M['kind'] extends 'counter'
  ? Counter<M['labels'][number]>
  : Recorder<M['labels'][number]>;

/** Documented metrics written by the app itself. */
export type AppMetricName = 'earnings_processed_total' | 'active_users';

const write = {
  add: (name: string, value: number, labels: Readonly<Record<string, string>> = {}): void => preloaded()?.add(name, value, labels),
  record: (name: string, value: number, labels: Readonly<Record<string, string>> = {}): void => preloaded()?.record(name, value, labels),
};

function instrument(name: string): unknown {
  return {
    add: (value: number, labels?: Readonly<Record<string, string>>) => write.add(name, value, labels),
    record: (value: number, labels?: Readonly<Record<string, string>>) => write.record(name, value, labels),
  };
}

/**
 * A documented metric for the app to write.
 *
 * @example metric('earnings_processed_total').add(1, { platform: 'uber' });
 * @example metric('active_users').record(42);
 */
export function metric<N extends AppMetricName>(name: N): InstrumentOf<Catalogue[N]> {
  return instrument(name) as InstrumentOf<Catalogue[N]>;
}

/**
 * Runs a job of the app's own and counts the run in `jobs_executed_total` and `job_duration_ms`.
 *
 * @param type the job's type, a fixed name such as `import-earnings`; never an id
 * @param work the job; `job` returns the job's result, and throws the job's exception
 */
export async function job<T>(type: string, work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  write.add('jobs_executed_total', 0, { job_type: type, status: 'completed' });
  write.add('jobs_executed_total', 0, { job_type: type, status: 'failed' });
  let status = 'failed';
  try {
    const result = await work();
    status = 'completed';
    return result;
  } finally {
    write.record('job_duration_ms', performance.now() - start, { job_type: type });
    write.add('jobs_executed_total', 1, { job_type: type, status });
  }
}

/**
 * Declares metrics of the app's own, typed like the documented metrics.
 *
 * @returns a function like {@link metric} for the declared names
 * @example
 * const own = declareMetrics({ refunds_total: { kind: 'counter', help: 'Refunds paid out, by reason.', labels: ['reason'] } });
 * own('refunds_total').add(1, { reason: 'duplicate' });
 */
export function declareMetrics<const M extends Readonly<Record<string, OwnMetric>>>(
  metrics: M,
): <N extends keyof M & string>(name: N) => InstrumentOf<M[N]> {
  declareAll(metrics);
  return <N extends keyof M & string>(name: N) => instrument(name) as InstrumentOf<M[N]>;
}

/** A value of a different shape declares nothing and never throws, with or without the preload. */
function declareAll(metrics: Readonly<Record<string, OwnMetric>>): void {
  try {
    for (const [name, own] of Object.entries(metrics)) preloaded()?.declare(name, own);
  } catch (thrown) {
    if (preloaded() !== undefined)
      sayOnce('declareMetrics', `metrics are left out: declareMetrics takes an object of metrics by name (${reason(thrown)})`);
  }
}
