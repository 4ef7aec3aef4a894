// The figures as the tables of docs/performance.md.

import { OURS } from './contenders';
import type { Figures } from './figures';
import { GUARDED } from './guard';
import { ENDURED } from './measure-endurance';
import { ROUTES } from './measure-requests';
import { SIZES } from './measure-scrape';
import { SCRAPED, type Scraped } from './scraped-app';
import { isHidden, roundsWithin, type Spread } from './spread';
import { targetsOf, verdictOn, type Target } from './targets';

const NOISE = 'bare, again';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n');
const spread = ({ median, min, max }: Spread, digits = 1): string => `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;

/** Markdown; medians with the least and the greatest in brackets. */
export function reportOf(figures: Figures): string {
  const { machine, commit, rounds, startup } = figures;
  return [
    inShort(figures),
    `Measured by \`npm run bench\` on ${machine}, commit ${commit}, ${rounds} interleaved rounds (${startup.get(OURS)!.values.length} of starts): medians, and the least and greatest in brackets. ` +
      `\`${NOISE}\` is bare a second time, so it shows the noise: ≈ stands before what lies within it, and cannot be told from nothing.`,
    'CPU µs that a request costs over the bare app:',
    requestsTable(figures),
    'CPU ms added until the app listens, and what an install adds:',
    startupTable(figures),
    'A scrape of one histogram with 14 buckets:',
    scrapesTable(figures),
    enduranceLine(figures),
    'What we set ourselves:',
    targetsTable(targetsOf(figures)),
    hiddenLine(figures),
  ].join('\n\n');
}

/** Requests by the medians of those routes that every contender measures alike. */
function inShort({ requests, startup, scrapes }: Figures): string {
  const ofRequests = (name: string): number => GUARDED.reduce((sum, route) => sum + requests.get(name)![route].median, 0);
  const ofStart = (name: string): number => startup.get(name)!.median;
  const ofScrape = (name: Scraped): number => scrapes[10_000][name].cpuMs.median;
  const share = <N extends string>(of: (name: N) => number, other: N): string => `${((100 * of(OURS as N)) / of(other)).toFixed(0)} % (${other})`;
  return (
    `The preload takes a share of each peer's CPU: for a request ${share(ofRequests, 'express-prom-bundle')} and ${share(ofRequests, 'stock OTel metrics')}, ` +
    `for a start ${share(ofStart, 'auto-instrumentations-node')}, for a scrape of 10,000 label sets ${share(ofScrape, 'prom-client')}.`
  );
}

function requestsTable({ requests }: Figures): string {
  const noise = requests.get(NOISE)!;
  const shown = [...requests].filter(([name]) => name !== 'bare');
  return table(
    ['', ...ROUTES.map((route) => `\`GET ${route}\``)],
    shown.map(([name, cost]) => [name, ...ROUTES.map((route) => overBare(name, cost[route], noise[route]))]),
  );
}

function startupTable({ startup, install }: Figures): string {
  const noise = startup.get(NOISE)!;
  const shown = [...startup].filter(([name]) => name !== 'bare');
  return table(
    ['', 'start-up CPU ms', 'MB', 'packages'],
    shown.map(([name, cost]) => {
      const weight = install.get(name);
      return [name, overBare(name, cost, noise), weight?.megabytes.toFixed(1) ?? '', String(weight?.packages ?? '')];
    }),
  );
}

function overBare(name: string, cost: Spread, noise: Spread): string {
  return `${name !== NOISE && isHidden(cost, noise) ? '≈ ' : ''}${spread(cost)}`;
}

function scrapesTable({ scrapes }: Figures): string {
  return table(
    ['', 'label sets', 'CPU ms', 'longest stall ms', 'heap bytes a series'],
    SCRAPED.flatMap((name) =>
      SIZES.map((size) => {
        const { cpuMs, stallMs, heapBytesPerSeries } = scrapes[size][name];
        return [name, size.toLocaleString('en'), spread(cpuMs), spread(stallMs), heapBytesPerSeries.median.toFixed(0)];
      }),
    ),
  );
}

function enduranceLine({ endurance: { heapEarly, heapLate, cpuMs, stallMs, collectStallMs } }: Figures): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return (
    `${ENDURED.series.toLocaleString('en')} label sets of a counter of the app's own: heap after a collection ${megabytes(heapEarly)} MB at scrape ` +
    `${ENDURED.early}, ${megabytes(heapLate)} MB at scrape ${ENDURED.scrapes.toLocaleString('en')}; a scrape takes ${cpuMs.toFixed(1)} ms of CPU, and its longest stall is ` +
    `${stallMs.toFixed(1)} ms, that of SDK collect() ${collectStallMs.toFixed(1)} ms.`
  );
}

function targetsTable(targets: readonly Target[]): string {
  return table(
    ['', 'target', 'measured', 'share of the most', ''],
    targets.map((target) => {
      const { what, bound, moonshot, ours, most } = target;
      return [what, `${moonshot ? 'moonshot: ' : ''}${bound}`, shown(ours.median), shareOf(ours, most), verdictOn(target).text];
    }),
  );
}

/** If noise made the peer cheaper than bare, there is no share. */
const shareOf = (ours: Spread, most: Spread): string => (most.median > 0 ? (ours.median / most.median).toFixed(2) : '–');

const shown = (value: number): string => (value > 1e6 ? `${(value / 1e6).toFixed(1)} MB` : value > 100 ? value.toFixed(0) : value.toFixed(1));

/** The peers that noise hides: the cheaper of the two changed from round to round. */
function hiddenLine({ requests, startup }: Figures): string {
  const figures: readonly (readonly [what: string, of: (name: string) => Spread | undefined])[] = [
    ...ROUTES.map((route) => [`\`GET ${route}\``, (name: string) => requests.get(name)?.[route]] as const),
    ['start-up', (name) => startup.get(name)],
  ];
  const hidden = [...requests.keys()]
    .filter((name) => name !== OURS && !name.startsWith('bare'))
    .flatMap((name) => {
      const where = figures.filter(([, of]) => isUndecided(of(OURS)!, of(name)!)).map(([what]) => what);
      return where.length === 0 ? [] : [`${name} (${where.join(', ')})`];
    });
  return hidden.length === 0
    ? `In every round, ${OURS} and each of the others came out in the same order.`
    : `Which is cheaper, ${OURS} or the other, changed from round to round, so that noise hides it: ${hidden.join('; ')}.`;
}

function isUndecided(ours: Spread, other: Spread): boolean {
  const rounds = roundsWithin(ours, other);
  return rounds > 0 && rounds < ours.values.length;
}
