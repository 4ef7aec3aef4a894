// The cost of a scrape for the scraped process, in rounds through all contenders in turn: CPU, the longest hold of the event loop, and the
// heap of a series.

import { costOfScrapes, scrape, withScraped, type Holding, type Places, type Scraped } from './scraped-app';
import { spreadOf, type Spread } from './spread';

export const SIZES = [100, 1000, 10_000] as const;
export type Size = (typeof SIZES)[number];

export interface ScrapeCost {
  readonly cpuMs: Spread;
  readonly stallMs: Spread;
  readonly heapBytesPerSeries: Spread;
}

export type ScrapeCosts<S extends Scraped = Scraped> = Readonly<Record<S, ScrapeCost>>;

/** Of a single round. */
interface Seen {
  readonly cpuMs: number;
  readonly stallMs: number;
  readonly heapBytesPerSeries: number;
}

/** V8 compiles the code of a scrape during the first scrapes. */
const WARM_UP = 10;
const SCRAPES = 7;

/** @param rounds how many for so many label sets */
export async function measureScrapes<S extends Scraped>(series: Size, places: Places, rounds: number, all: readonly S[]): Promise<ScrapeCosts<S>> {
  const seen = new Map<S, Seen[]>(all.map((scraped) => [scraped, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const scraped of all) seen.get(scraped)!.push(await measureOnce({ scraped, series, kind: 'histogram' }, places));
  }
  return Object.fromEntries([...seen].map(([scraped, all]) => [scraped, costOf(all)])) as unknown as ScrapeCosts<S>;
}

async function measureOnce(holding: Holding, places: Places): Promise<Seen> {
  const empty = await withScraped({ ...holding, series: 0 }, places, heapAfterWarmUp);
  return withScraped(holding, places, async (app) => {
    const heapBytesPerSeries = ((await heapAfterWarmUp(app)) - empty) / holding.series;
    return { ...(await costOfScrapes(app, SCRAPES)), heapBytesPerSeries };
  });
}

async function heapAfterWarmUp(app: Parameters<typeof scrape>[0]): Promise<number> {
  for (let count = 0; count < WARM_UP; count += 1) await scrape(app);
  return app.heap();
}

function costOf(seen: readonly Seen[]): ScrapeCost {
  const of = (figure: keyof Seen): Spread => spreadOf(seen.map((each) => each[figure]));
  return { cpuMs: of('cpuMs'), stallMs: of('stallMs'), heapBytesPerSeries: of('heapBytesPerSeries') };
}
