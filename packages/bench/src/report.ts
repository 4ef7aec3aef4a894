// The figures as the README's tables.

import type { InstallWeight } from './measure-install';
import { ROUTES, type RequestCost } from './measure-requests';
import type { ScrapeCost, Scraped } from './measure-scrape';
import type { Spread } from './spread';

export interface Figures {
  readonly machine: string;
  readonly commit: string;
  readonly rounds: number;
  readonly requests: ReadonlyMap<string, RequestCost>;
  readonly startup: ReadonlyMap<string, Spread>;
  readonly scrapes: ReadonlyMap<Scraped, readonly ScrapeCost[]>;
  readonly install: ReadonlyMap<string, InstallWeight>;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n');
const spread = ({ median, min, max }: Spread, digits = 1): string => `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;

/** Markdown; medians with the least and the greatest in brackets. */
export function reportOf({ machine, commit, rounds, requests, startup, scrapes, install }: Figures): string {
  const noise = requests.get('bare, again');
  return [
    `Measured by \`npm run bench\` on ${machine}, commit ${commit}, ${rounds} interleaved rounds: medians, and the least and greatest in brackets. ` +
      '`bare, again` is the noise: the same program as bare, so a difference smaller than its spread says nothing.',
    'CPU µs that a request costs over the bare app:',
    table(
      ['', ...ROUTES.map((route) => `\`GET ${route}\``)],
      [...requests].filter(([name]) => name !== 'bare').map(([name, cost]) => [name, ...ROUTES.map((route) => spread(cost[route]))]),
    ),
    noise === undefined ? '' : 'CPU ms added until the app listens, and what an install adds:',
    table(
      ['', 'start-up CPU ms', 'MB', 'packages'],
      [...startup]
        .filter(([name]) => name !== 'bare')
        .map(([name, cost]) => [name, spread(cost), install.get(name)?.megabytes.toFixed(1) ?? '', String(install.get(name)?.packages ?? '')]),
    ),
    'A scrape of one histogram with 14 buckets:',
    table(
      ['', 'label sets', 'CPU ms', 'longest stall ms', 'heap bytes a series'],
      [...scrapes].flatMap(([name, costs]) =>
        costs.map(({ series, cpuMs, stallMs, heapBytesPerSeries }) => [
          name,
          String(series),
          spread(cpuMs),
          spread(stallMs),
          heapBytesPerSeries.toFixed(0),
        ]),
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
