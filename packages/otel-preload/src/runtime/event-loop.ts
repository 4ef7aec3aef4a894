// nodejs_eventloop_lag_*: how late a timer was, over the last 15 to 30 seconds.

import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Instruments } from '../instruments';
import { every } from '../later';
import { sharedReading } from './shared-reading';

/**
 * The period of the sampling timer. An idle loop reads this much, so that the reading is reduced by the period: the rest is the lateness. A
 * process at rest wakes this often, and a stall reads up to this much too short: the stall may begin before the timer is due.
 */
const RESOLUTION_MS = 50;
/** A scraper with a pace of 15 s sees every stall at least once. */
const WINDOW_MS = 15_000;

const lagSeconds = (nanoseconds: number): number => Math.max(0, nanoseconds - RESOLUTION_MS * 1e6) / 1e9;

/**
 * Two monitors, of which the older is read: each is reset every 30 s, in turn. A scrape resets nothing, since two scrapers would
 * steal each other's stalls, and since a monitor is blind from its reset until its next sample.
 */
export function watchEventLoop(instruments: Instruments): void {
  let [older, younger] = [startMonitor(), startMonitor()];
  every('the event loop lag', WINDOW_MS, () => {
    [older, younger] = [younger, older];
    younger.reset();
  });
  const read = (take: (from: IntervalHistogram) => number) => (observe: (value: number) => void) => {
    // Before its first sample a monitor holds no numbers.
    if (older.count > 0) observe(take(older));
  };
  const percentile = (share: number) => read((from) => lagSeconds(from.percentile(share)));
  const mean = sharedReading(() => lagSeconds(older.mean));
  instruments.observe('nodejs_eventloop_lag_seconds', read(mean));
  instruments.observe('nodejs_eventloop_lag_mean_seconds', read(mean));
  instruments.observe(
    'nodejs_eventloop_lag_min_seconds',
    read(({ min }) => lagSeconds(min)),
  );
  instruments.observe(
    'nodejs_eventloop_lag_max_seconds',
    read(({ max }) => lagSeconds(max)),
  );
  instruments.observe(
    'nodejs_eventloop_lag_stddev_seconds',
    read(({ stddev }) => stddev / 1e9),
  );
  instruments.observe('nodejs_eventloop_lag_p50_seconds', percentile(50));
  instruments.observe('nodejs_eventloop_lag_p90_seconds', percentile(90));
  instruments.observe('nodejs_eventloop_lag_p99_seconds', percentile(99));
}

function startMonitor(): IntervalHistogram {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  return monitor;
}
