// The price of a change: the preload of this checkout beside the preload of another checkout, in the same run.

import { contenders, OURS } from './contenders';
import type { Servers } from './measured-app';
import { measureRequests, ROUTES } from './measure-requests';
import { measureScrapes, SIZES, type ScrapeCost, type Size } from './measure-scrape';
import { measureStartup } from './measure-startup';
import { roundsWithin, spreadOf, type Spread } from './spread';

const BEFORE = 'the commit before';
const ROUNDS = 5;
const STARTS = 15;

interface Row {
  readonly what: string;
  readonly before: Spread;
  readonly now: Spread;
}

/**
 * The table of both preloads' costs for requests, a start and scrapes. The first row names the noise: the cost of a second bare app over the first.
 *
 * @param preload the folder packages/otel-preload of this checkout, and `before` the same folder of the older checkout; both built
 */
export async function besideBefore(preload: string, before: string, folder: string, servers: Servers, say: (line: string) => void): Promise<string> {
  const measured = contenders(preload).filter(({ name }) => name === OURS || name.startsWith('bare'));
  const all = [...measured, { ...measured.at(-1)!, name: BEFORE, flags: ['-r', before] }];
  const startup = await measureStartup(all, folder, servers, STARTS);
  const requests = await measureRequests(all, folder, servers, { rounds: ROUNDS, routes: ROUTES }, say);
  const rows: Row[] = ROUTES.map((route) => ({
    what: `CPU of GET ${route}, µs over bare (a second bare: ${requests.get('bare, again')![route].median.toFixed(1)})`,
    before: requests.get(BEFORE)![route],
    now: requests.get(OURS)![route],
  }));
  rows.push({ what: 'CPU of a start, ms over bare', before: startup.get(BEFORE)!, now: startup.get(OURS)! });
  for (const size of SIZES) rows.push(...(await scrapeRows(size, preload, before, folder)));
  return tableOf(rows);
}

/** The rounds alternate: a machine that slows down for a while slows both. */
async function scrapeRows(size: Size, preload: string, before: string, folder: string): Promise<Row[]> {
  const costs: Record<'before' | 'now', ScrapeCost[]> = { before: [], now: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [when, place] of [
      ['before', before],
      ['now', preload],
    ] as const) {
      costs[when].push((await measureScrapes(size, { preload: place, folder }, 1, [OURS]))[OURS]);
    }
  }
  const row = (what: string, figure: keyof ScrapeCost): Row => ({
    what: `${what}, a scrape of ${size.toLocaleString('en')} label sets`,
    before: spreadOf(costs.before.map((cost) => cost[figure].median)),
    now: spreadOf(costs.now.map((cost) => cost[figure].median)),
  });
  return [row('CPU ms', 'cpuMs'), row('longest stall ms', 'stallMs'), row('heap bytes a series', 'heapBytesPerSeries')];
}

const shown = ({ median, min, max }: Spread): string => `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`;

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, before, now }) => {
    const dearer = now.values.length - roundsWithin(now, before);
    return `| ${what} | ${shown(before)} | ${shown(now)} | ${dearer} of ${now.values.length} |`;
  });
  return ['| | before | now | rounds in which now was dearer |', '| --- | --: | --: | --: |', ...lines].join('\n');
}
