// The shape of an alert, and the parts that several alerts share. No alert stands here.

import type { MonitoringConfig } from '../config';
import { above, and, count, metric, or, type Vector } from '../promql/build';
import type { TargetLabel } from '../promql/series';

export interface Alert {
  readonly expr: Vector;
  /** How long the condition must hold before the alert fires, in seconds. */
  readonly forSeconds: number;
  /** critical: someone must look now. warning: in working hours. none: proof that alerting works. */
  readonly severity: 'critical' | 'warning' | 'none';
  readonly summary: string;
  /** May use `$value` and the expression's `$labels`. */
  readonly description: string;
  /** The first thing to look at, asked when the alert fires: the largest series of an expression over the job `JOB`. */
  readonly worst?: Vector;
}

/** The alert's job and, if the alert is about a single instance, the instance. */
export const WHERE = '{{ $labels.job }}{{ with $labels.instance }} on {{ . }}{{ end }}';

/** In `worst`: the job of the firing alert. */
export const JOB = '%q';

/**
 * The condition over the job as a whole, or over a single instance: a sick instance among many hides in the sum. A job's only instance is the
 * job, and is not reported twice.
 */
export function jobOrInstance<L extends string>(
  condition: (...by: TargetLabel[]) => Vector<L | TargetLabel>,
  config: MonitoringConfig,
): Vector<L | TargetLabel> {
  return or(condition('job'), and(condition('job', 'instance') as Vector<TargetLabel>, several(config), { on: ['job'] }));
}

/** Jobs with several instances. */
function several(config: MonitoringConfig): Vector<'job'> {
  return above(count(metric('process_start_time_seconds', { job: config.jobs }), 'job'), 1);
}
