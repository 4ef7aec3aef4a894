// What a scrape costs the process that is scraped: CPU, the longest time that it holds the event loop, and the heap of a series.

import { setTimeout } from 'node:timers/promises';
import type { Contender } from './contenders';
import { startMeasured, type MeasuredApp } from './measured-app';
import { spreadOf, type Spread } from './spread';

/** The delay of the event loop is seen by a timer, which has to fire after what delayed it. */
const SETTLE_MS = 20;

export const SCRAPED = ['otel-preload', 'prom-client', 'stock OTel', 'SDK collect()'] as const;
export type Scraped = (typeof SCRAPED)[number];

export interface ScrapeCost {
  readonly series: number;
  readonly cpuMs: Spread;
  readonly stallMs: Spread;
  readonly heapBytesPerSeries: number;
}

export interface ScrapeOptions {
  readonly preload: string;
  readonly folder: string;
  readonly scrapes: number;
}

export async function measureScrape(scraped: Scraped, series: number, { preload, folder, scrapes }: ScrapeOptions): Promise<ScrapeCost> {
  const empty = await withApp(contender(scraped, 0, preload), folder, (app) => app.heap());
  return withApp(contender(scraped, series, preload), folder, async (app) => {
    for (let warmUp = 0; warmUp < 3; warmUp += 1) await scrape(app);
    const cpu: number[] = [];
    const stall: number[] = [];
    for (let count = 0; count < scrapes; count += 1) {
      await setTimeout(SETTLE_MS);
      await app.stall();
      const before = await app.usage();
      await scrape(app);
      cpu.push(((await app.usage()) - before) / 1000);
      await setTimeout(SETTLE_MS);
      stall.push((await app.stall()) / 1000);
    }
    const heapBytesPerSeries = ((await app.heap()) - empty) / series;
    return { series, cpuMs: spreadOf(cpu), stallMs: spreadOf(stall), heapBytesPerSeries };
  });
}

function contender(name: Scraped, series: number, preload: string): Contender {
  const ours = name === 'otel-preload';
  return {
    name,
    flags: ours ? ['-r', preload] : [],
    env: {
      CONTENDER: name,
      SERIES: String(series),
      PRELOAD_METRICS: `${preload}/dist/src/metrics.js`,
      METRICS_MAX_LABEL_VALUES: '1000',
      METRICS_PUBLIC: 'true',
      ...(ours && { PROMETHEUS_ENABLED: 'true' }),
    },
  };
}

async function withApp<T>(one: Contender, folder: string, use: (app: MeasuredApp) => Promise<T>): Promise<T> {
  const app = await startMeasured(one, folder, {}, './scrape-app.cjs');
  try {
    return await use(app);
  } finally {
    await app.stop();
  }
}

/** One scrape, read to its end. */
async function scrape(app: MeasuredApp): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${app.port}/metrics`, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`a scrape was answered with ${response.status}`);
  await response.arrayBuffer();
}
