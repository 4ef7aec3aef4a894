// How many events a counter saw in a window, including the events that created its series: `rate()` alone takes the first value of a series for
// the series' start, so that a burst that creates the series is a rate of 0. Pure expressions.

import { duration, MINUTE, type MonitoringConfig } from '../config';
import { above, and, equal, increase, max, metric, offset, or, subtract, time, unless, type Selector, type Vector } from '../promql/build';

/** The window of all alerts on events. */
export const WINDOW = 5 * MINUTE;

type Target = 'job' | 'instance';

/**
 * Events per series in the last five minutes.
 *
 * A series younger than five minutes counts with its whole value, if the value cannot be older (`watched`). After a gap of Prometheus's own the
 * value may be older, and the series counts by `increase()` alone.
 */
export function growth<L extends string>(
  counter: Selector<L | Target>,
  config: MonitoringConfig,
  watched: Vector<Target> = metric('job_instance:process:watched'),
): Vector<L | Target> {
  const window = duration(WINDOW, config);
  const born = and(unless(counter, offset(counter, window)), watched, { on: ['job', 'instance'] });
  return or(born, increase(counter, window));
}

/**
 * The expression of the record `job_instance:process:watched`: instances of the app seen five minutes ago already, or whose process is hardly
 * older.
 */
export function appWatched(config: MonitoringConfig): Vector<Target> {
  const started = metric('process_start_time_seconds', { job: config.jobs });
  // A minute more than the window: between a start and the first scrape no series exists anywhere.
  const young = above(started, subtract(time(), (WINDOW + MINUTE) / config.timeScale));
  return max(or(offset(started, duration(WINDOW, config)), young), 'job', 'instance');
}

/** The same for targets without a start time. */
export function scrapeWatched(config: MonitoringConfig): Vector<Target> {
  return equal(offset(metric('up', { job: config.otherJobs }), duration(WINDOW, config)), 1);
}
