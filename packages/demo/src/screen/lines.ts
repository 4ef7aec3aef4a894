// Figures as lines of text. Pure: draws nothing, and reads nothing.

import type { Endpoint, Figures, Query } from '../figures/figures';
import type { Lately } from '../figures/scraper';

/** A line, and its tone. */
export interface Line {
  readonly text: string;
  readonly tone?: 'title' | 'head' | 'bad' | 'dim';
}

/** How much can be seen. */
export interface Room {
  readonly rows: number;
  readonly columns: number;
}

/** The live picture: tables of endpoints and queries in the rows that the rest leaves over. */
export function figureLines({ figures, seconds }: Lately, { rows, columns }: Room): Line[] {
  const rest = restLines(figures, seconds, columns);
  const left = rows - rest.length - 2;
  const seen = { endpoints: figures.endpoints.filter(isSeen), queries: figures.queries.filter(isSeen) };
  const queryRows = Math.min(seen.queries.length, Math.max(3, Math.floor(left * 0.4)));
  return [
    { text: row('REQUESTS', ['/s', 'p95 ms', '5xx/s']), tone: 'head' },
    ...seen.endpoints.slice(0, Math.max(3, left - queryRows)).map((endpoint) => endpointLine(endpoint, seconds)),
    { text: row('QUERIES', ['/s', 'mean ms', 'p95 ms', 'slow/s']), tone: 'head' },
    ...seen.queries.slice(0, queryRows).map((query) => queryLine(query, seconds)),
    ...rest,
  ];
}

function isSeen({ count }: { count: number }): boolean {
  return count > 0;
}

function endpointLine({ method, endpoint, count, p95, serverErrors }: Endpoint, seconds: number): Line {
  const text = row(`${method} ${endpoint}`, [rate(count, seconds), milliseconds(p95), serverErrors > 0 ? rate(serverErrors, seconds) : '']);
  return serverErrors > 0 ? { text, tone: 'bad' } : { text };
}

function queryLine({ type, table, count, mean, p95, slow }: Query, seconds: number): Line {
  const cells = [rate(count, seconds), milliseconds(mean), milliseconds(p95), slow > 0 ? rate(slow, seconds) : ''];
  return { text: row(`${type} ${table}`, cells), ...(slow > 0 && { tone: 'bad' as const }) };
}

function restLines(figures: Figures, seconds: number, columns: number): Line[] {
  const caches = figures.caches.map(({ type, hitRate }) => `${type} ${hitRate === undefined ? '–' : `${Math.round(hitRate * 100)} %`}`);
  const size = figures.cacheBytes === undefined ? [] : [`in ${(figures.cacheBytes / 2 ** 20).toFixed(1)} MiB`];
  const jobs = figures.jobs.map(({ type, completed, failed }) => `${type} ${completed}${failed > 0 ? ` (${failed} failed)` : ''}`);
  const errors = figures.errors.filter(isSeen).map(({ type, count }) => `${type} ${rate(count, seconds)}/s`);
  const earnings = figures.earnings.map(({ platform, count }) => `${platform} ${rate(count, seconds)}`);
  const { active, accepted } = figures.sockets;
  return [
    ...listed('CACHE HITS', [...caches, ...size], columns),
    ...listed('JOBS DONE', jobs, columns),
    ...listed('SOCKETS', [`${active} open`, `${accepted} accepted`], columns),
    ...listed('EARNINGS/S', [...earnings, `${figures.activeUsers ?? '–'} active users`], columns),
    ...listed('ERRORS', errors, columns).map((line): Line => (errors.length > 0 ? { ...line, tone: 'bad' } : line)),
  ];
}

const TITLE_WIDTH = 12;

/** A title and its items, in as many lines as they need. */
export function listed(title: string, items: string[], columns: number): Line[] {
  return wrapped(items.length > 0 ? items : ['none'], columns - TITLE_WIDTH).map(({ text }, index) => ({
    text: `${(index === 0 ? title : '').padEnd(TITLE_WIDTH)}${text}`,
  }));
}

/** Items side by side; a line ends between two items, never within an item. */
export function wrapped(items: string[], columns: number, tone?: Line['tone']): Line[] {
  const lines = [''];
  for (const item of items) {
    const last = lines.length - 1;
    const longer = lines[last] === '' ? item : `${lines[last]}  ${item}`;
    if (longer.length <= columns || lines[last] === '') lines[last] = longer;
    else lines.push(item);
  }
  return lines.map((text) => ({ text, ...(tone && { tone }) }));
}

/** A name, and numbers in columns to its right. */
export function row(name: string, cells: string[], nameWidth = 38): string {
  return `${name.padEnd(nameWidth)}${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}`.trimEnd();
}

export function rate(count: number, seconds: number): string {
  return (count / seconds).toFixed(1);
}

export function milliseconds(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms) ? '–' : ms.toFixed(ms < 10 ? 1 : 0);
}
