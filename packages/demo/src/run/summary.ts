// The end of a run: what /metrics says beside what the load driver counted itself.

import type { Figures } from '../figures/figures';
import type { Interval } from '../figures/increase';
import type { Tally } from '../load/tally';
import { milliseconds, row } from '../screen/lines';

const NAME_WIDTH = 36;

/** A series of http_requests_total on which the two do not agree. */
export interface Difference {
  /** `METHOD status endpoint` */
  readonly series: string;
  readonly metrics: number;
  readonly driver: number;
}

export function differences(interval: Interval, tally: Tally): Difference[] {
  const metrics = requestsByMetrics(interval);
  return [...new Set([...metrics.keys(), ...tally.answered.keys()])]
    .map((series) => ({ series, metrics: metrics.get(series) ?? 0, driver: tally.answered.get(series) ?? 0 }))
    .filter((each) => each.metrics !== each.driver);
}

function requestsByMetrics(interval: Interval): Map<string, number> {
  const samples = interval.counter('http_requests_total').filter(({ value }) => value > 0);
  return new Map(samples.map(({ labels, value }) => [`${labels.method} ${labels.status} ${labels.endpoint}`, value]));
}

export function summaryLines(interval: Interval, figures: Figures, tally: Tally): string[] {
  return [
    ...requestLines(interval, figures, tally),
    '',
    row('Queries', ['count', 'mean ms', 'p95 ms', 'slow'], NAME_WIDTH),
    ...figures.queries
      .filter(({ count }) => count > 0)
      .map(({ type, table, count, mean, p95, slow }) =>
        row(`${type} ${table}`, [String(count), milliseconds(mean), milliseconds(p95), String(slow)], NAME_WIDTH),
      ),
    '',
    ...otherLines(figures, tally),
  ];
}

function requestLines(interval: Interval, figures: Figures, tally: Tally): string[] {
  const driverCounts = countByEndpoint(tally.answered);
  const lines = figures.endpoints
    .filter(({ count }) => count > 0)
    .map(({ method, endpoint, count, p95 }) => {
      const key = `${method} ${endpoint}`;
      const driver = [String(driverCounts.get(key) ?? 0), milliseconds(p95), milliseconds(tally.p95(method, endpoint))];
      return row(key, [String(count), ...driver], NAME_WIDTH);
    });
  const totals = [requestsByMetrics(interval), tally.answered].map((counts) => String([...counts.values()].reduce((a, b) => a + b, 0)));
  return [row('Requests', ['/metrics', 'driver', 'p95 ms', 'driver'], NAME_WIDTH), ...lines, row('all', totals, NAME_WIDTH)];
}

function countByEndpoint(answered: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [series, count] of answered) {
    const key = series.replace(/ \d+ /, ' ');
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

function otherLines(figures: Figures, tally: Tally): string[] {
  const caches = figures.caches.map(({ type, hitRate, reads }) => `${type} ${Math.round((hitRate ?? 0) * 100)} % of ${reads}`);
  const jobs = figures.jobs.map(
    ({ type, completed, failed, p95 }) => `${type} ${completed} completed, ${failed} failed, p95 ${milliseconds(p95)} ms`,
  );
  const errors = figures.errors.filter(({ count }) => count > 0).map(({ type, count }) => `${type} ${count}`);
  const earnings = figures.earnings.map(({ platform, count }) => `${platform} ${count}`);
  const unanswered = [...tally.unanswered].map(([reason, count]) => `${reason} ${count}`);
  return [
    `Cache hits  ${listed(caches)}`,
    `Jobs        ${listed(jobs)}`,
    `Sockets     ${figures.sockets.accepted} accepted (driver: ${tally.socketsOpened})`,
    `Errors      ${listed(errors)}`,
    `Earnings    ${listed(earnings)}; active users ${figures.activeUsers ?? '–'}`,
    ...(unanswered.length > 0 ? [`Unanswered  ${unanswered.join(', ')}`] : []),
  ];
}

function listed(items: string[]): string {
  return items.length > 0 ? items.join('; ') : 'none';
}
