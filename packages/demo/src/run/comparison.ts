// Whether /metrics has counted every request once: beside the load driver's counts, and the backend's own book.

import type { Scrape } from '../figures/increase';
import type { Tally } from '../load/tally';
import type { Counts, Page } from '../visitors/guest-book';

/** By `METHOD status endpoint`, since the backend began. */
export function requestsByMetrics(now: Scrape): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { labels, value } of now.all('http_requests_total')) {
    // The book cannot tell who ended a connection without an answer: 444 (the backend) counts as 499 (the client).
    const status = labels.status === '444' ? '499' : labels.status;
    const series = `${labels.method} ${status} ${labels.endpoint}`;
    counts.set(series, (counts.get(series) ?? 0) + value);
  }
  return counts;
}

/**
 * Where they do not agree, a line for each; none if every request was counted once. Of the driver's requests every endpoint is compared; of
 * all requests, the visitors' among them, every method and status.
 */
export function differences(now: Scrape, tally: Tally, book: Page): string[] {
  const metrics = requestsByMetrics(now);
  const [byMetrics, byDriver] = [byStatus(metrics), byStatus(tally.answered)];
  const statuses = new Set([...Object.keys(byMetrics), ...Object.keys(byDriver), ...Object.keys(book.driver), ...Object.keys(book.visitors)]);
  return [
    ...[...tally.answered].flatMap(([series, count]) => {
      const counted = metrics.get(series) ?? 0;
      return counted < count ? [`${series}: /metrics ${counted}, driver ${count}`] : [];
    }),
    ...[...statuses].flatMap((status) => {
      const [counted = 0, driver = 0, visitors = 0] = [byMetrics[status], book.driver[status], book.visitors[status]];
      return counted === driver + visitors
        ? []
        : [`${status}: /metrics ${counted}, the backend's book ${driver + visitors} (driver ${driver}, visitors ${visitors})`];
    }),
    ...driverLines(byDriver, book.driver, sum(Object.fromEntries(tally.unanswered))),
  ];
}

/** The driver knows no status of a request that the driver abandoned: as many of its requests may stand in the book alone. */
function driverLines(tally: Counts, book: Counts, unanswered: number): string[] {
  const missing = Object.entries(tally).filter(([status, count]) => count > (book[status] ?? 0));
  const lines = missing.map(([status, count]) => `${status}: driver ${count}, the backend's book has ${book[status] ?? 0} of them`);
  const over = sum(book) - sum(tally);
  return over > unanswered ? [...lines, `the backend's book has ${over - unanswered} requests of the driver that it does not know of`] : lines;
}

function byStatus(counts: ReadonlyMap<string, number>): Counts {
  const sums: Record<string, number> = {};
  for (const [series, count] of counts) {
    const [method, status] = series.split(' ');
    sums[`${method} ${status}`] = (sums[`${method} ${status}`] ?? 0) + count;
  }
  return sums;
}

export function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
