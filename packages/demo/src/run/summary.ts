// The end of a run: the figures of /metrics, the senders of the requests, and whether all sides agree.

import type { Figures } from '../figures/figures';
import { figuresOf } from '../figures/figures';
import { Interval, Scrape } from '../figures/increase';
import type { Tally } from '../load/tally';
import { milliseconds, row } from '../screen/lines';
import type { Page } from '../visitors/guest-book';
import { requestsByMetrics, sum } from './comparison';

const NAME_WIDTH = 36;
const MOST_ASKED = 10;
const NOTHING = new Scrape([]);

export function summaryLines(now: Scrape, figures: Figures, tally: Tally, book: Page): string[] {
  return [
    ...requestLines(now, tally),
    '/metrics: what it counted; driver: what the load driver did; others: the rest.',
    'p95 ms: 95 of 100 took less, as Prometheus would tell from /metrics.',
    '',
    row('Queries', ['count', 'mean ms', 'p95 ms', 'slow'], NAME_WIDTH),
    ...figures.queries
      .filter(({ count }) => count > 0)
      .map(({ type, table, count, mean, p95, slow }) =>
        row(`${type} ${table}`, [String(count), milliseconds(mean), milliseconds(p95), String(slow)], NAME_WIDTH),
      ),
    '',
    ...otherLines(figures, tally, book),
    ...visitorLines(book),
  ];
}

/** Whether all sides agree, in words. @param wrong where they do not */
export function verdictLines(now: Scrape, book: Page, wrong: readonly string[]): string[] {
  if (wrong.length > 0) return ['/metrics, the load driver and the backend do not agree:', ...wrong.map((line) => `  ${line}`)];
  const [all, visitors] = [total(requestsByMetrics(now)), sum(book.visitors)];
  if (visitors === 0) return [`/metrics and the load driver counted the same requests: ${all}.`];
  return [`/metrics, driver and backend counted the same requests: ${all}, ${visitors} of them visitors'.`];
}

/** From the start of the backend, since a visitor may have come before the load. */
function requestLines(now: Scrape, tally: Tally): string[] {
  const byDriver = countByEndpoint(tally.answered);
  const others = (count: number, driver = 0): string => (count > driver ? String(count - driver) : '');
  const lines = figuresOf(new Interval(NOTHING, now)).endpoints.map(({ method, endpoint, count, p95 }) => {
    const driver = byDriver.get(`${method} ${endpoint}`);
    return row(`${method} ${endpoint}`, [String(count), String(driver ?? 0), others(count, driver), milliseconds(p95)], NAME_WIDTH);
  });
  const [all, driver] = [total(requestsByMetrics(now)), total(tally.answered)];
  return [
    row('Requests', ['/metrics', 'driver', 'others', 'p95 ms'], NAME_WIDTH),
    ...lines,
    row('all', [String(all), String(driver), others(all, driver)], NAME_WIDTH),
  ];
}

function countByEndpoint(answered: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [series, count] of answered) {
    const key = series.replace(/ \d+ /, ' ');
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

function total(counts: ReadonlyMap<string, number>): number {
  return sum(Object.fromEntries(counts));
}

/** The visitors' most frequent requests. */
function visitorLines({ asked, visitors }: Page): string[] {
  if (sum(visitors) === 0) return [];
  const most = Object.entries(asked).toSorted(([, a], [, b]) => b - a);
  const more = most.slice(MOST_ASKED);
  return [
    '',
    row('Visitors: who was not the load driver', ['requests'], NAME_WIDTH),
    ...most.slice(0, MOST_ASKED).map(([request, count]) => row(request, [String(count)], NAME_WIDTH)),
    ...(more.length > 0 ? [row('other requests', [String(sum(Object.fromEntries(more)))], NAME_WIDTH)] : []),
    'The preload answers /metrics and /metrics/live itself, and counts neither.',
  ];
}

function otherLines(figures: Figures, tally: Tally, book: Page): string[] {
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
    `Sockets     ${figures.sockets.accepted} accepted (driver: ${tally.socketsOpened}${book.sockets > 0 ? `, visitors: ${book.sockets}` : ''})`,
    `Errors      ${listed(errors)}`,
    `Earnings    ${listed(earnings)}; active users ${figures.activeUsers ?? '–'}`,
    ...(unanswered.length > 0 ? [`Unanswered  ${unanswered.join(', ')}`] : []),
  ];
}

function listed(items: string[]): string {
  return items.length > 0 ? items.join('; ') : 'none';
}
