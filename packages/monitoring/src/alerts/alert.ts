// The shape of an alert, and what several alerts share. It holds no alert.

import type { MonitoringConfig } from '../config';
import { above, and, count, metric, or, type Vector } from '../promql/build';
import type { TargetLabel } from '../promql/series';

export interface Alert {
  readonly expr: Vector;
  /** How long it must hold before it fires, in seconds. */
  readonly forSeconds: number;
  /** critical: someone must look now. warning: in working hours. none: says that alerting works. */
  readonly severity: 'critical' | 'warning' | 'none';
  readonly summary: string;
  /** May use `$value` and the expression's `$labels`. */
  readonly description: string;
  /** What to look at first, asked when the alert fires: the largest series of an expression over the job `JOB`. */
  readonly worst?: Vector;
}

/** The alert's job and, if it is about one instance, the instance. */
export const WHERE = '{{ $labels.job }}{{ with $labels.instance }} on {{ . }}{{ end }}';

/** In `worst`: the job of the alert that fires. */
export const JOB = '%q';

/**
 * The condition over the job as a whole, or over one of its instances: a sick instance among many hides in the sum. An only instance is the
 * job, and is not told twice.
 */
export function jobOrInstance<L extends string>(
  condition: (...by: TargetLabel[]) => Vector<L | TargetLabel>,
  config: MonitoringConfig,
): Vector<L | TargetLabel> {
  return or(condition('job'), and(condition('job', 'instance') as Vector<TargetLabel>, several(config), { on: ['job'] }));
}

/** Jobs with more than one instance. */
function several(config: MonitoringConfig): Vector<'job'> {
  return above(count(metric('process_start_time_seconds', { job: config.jobs }), 'job'), 1);
}
