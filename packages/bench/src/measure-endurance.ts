// Whether scrapes leave anything behind: 1,000 of them, of 100,000 label sets of the app's own.

import { costOfScrapes, scrape, withScraped, type Holding, type Places } from './scraped-app';

export const ENDURED = { series: 100_000, scrapes: 1000, early: 100 };

export interface Endurance {
  /** heapUsed after a collection, in bytes, at scrape 100 and at scrape 1,000. */
  readonly heapEarly: number;
  readonly heapLate: number;
  readonly cpuMs: number;
  readonly stallMs: number;
  /** How long the SDK's bare `collect()` of as many counters held the event loop. */
  readonly collectStallMs: number;
}

/** Scrapes whose stall is measured, after all earlier scrapes. */
const MEASURED = 15;

/** Counters, and not histograms: of those a scrape would be 100 MB of text. */
export async function measureEndurance(places: Places): Promise<Endurance> {
  const holding: Holding = { scraped: 'otel-preload', series: ENDURED.series, kind: 'counter' };
  const collectStallMs = await withScraped({ ...holding, scraped: 'SDK collect()' }, places, async (app) => {
    for (let count = 0; count < MEASURED; count += 1) await scrape(app);
    return (await costOfScrapes(app, MEASURED)).stallMs;
  });
  return withScraped(holding, places, async (app) => {
    for (let count = 0; count < ENDURED.early; count += 1) await scrape(app);
    const heapEarly = await app.heap();
    for (let count = ENDURED.early; count < ENDURED.scrapes; count += 1) await scrape(app);
    const heapLate = await app.heap();
    return { heapEarly, heapLate, ...(await costOfScrapes(app, MEASURED)), collectStallMs };
  });
}
