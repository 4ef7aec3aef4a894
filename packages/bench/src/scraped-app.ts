// A process with a given number of series, and the cost of scraping the process.

import { setTimeout } from 'node:timers/promises';
import { awake } from './awake';
import { startMeasured, type MeasuredApp } from './measured-app';
import { spreadOf } from './spread';

export const SCRAPED = ['otel-preload', 'prom-client', 'stock OTel', 'SDK collect()'] as const;
export type Scraped = (typeof SCRAPED)[number];

/** A contender and its number of label sets, of a histogram with 14 buckets or of a counter. */
export interface Holding {
  readonly scraped: Scraped;
  readonly series: number;
  readonly kind: 'histogram' | 'counter';
}

export interface Places {
  readonly preload: string;
  readonly folder: string;
}

/** A timer measures the delay of the event loop, and the timer has to fire after the cause of the delay. */
const SETTLE_MS = 20;

export async function withScraped<T>(holding: Holding, places: Places, use: (app: MeasuredApp) => Promise<T>): Promise<T> {
  const app = await startMeasured(contender(holding, places.preload), places.folder, {}, './scrape-app.cjs');
  try {
    return await use(app);
  } finally {
    await app.stop();
  }
}

function contender({ scraped: name, series, kind }: Holding, preload: string): Parameters<typeof startMeasured>[0] {
  const ours = name === 'otel-preload';
  return {
    name,
    flags: ours ? ['-r', preload] : [],
    env: {
      CONTENDER: name,
      SERIES: String(series),
      KIND: kind,
      PRELOAD_METRICS: `${preload}/package/metrics.js`,
      METRICS_MAX_LABEL_VALUES: '1000',
      METRICS_MAX_SERIES: '200000',
      METRICS_PUBLIC: 'true',
      ...(ours && { PROMETHEUS_ENABLED: 'true' }),
    },
  };
}

/** Medians of some scrapes in sequence: ms of CPU, and ms of the longest hold of the event loop. */
export async function costOfScrapes(app: MeasuredApp, scrapes: number): Promise<{ readonly cpuMs: number; readonly stallMs: number }> {
  const cpu: number[] = [];
  const stall: number[] = [];
  for (let count = 0; count < scrapes; count += 1) {
    await setTimeout(SETTLE_MS);
    await app.stall();
    const before = await app.usage();
    await awake(scrape(app));
    cpu.push(((await app.usage()) - before) / 1000);
    await setTimeout(SETTLE_MS);
    stall.push((await app.stall()) / 1000);
  }
  return { cpuMs: spreadOf(cpu).median, stallMs: spreadOf(stall).median };
}

/** A scrape, read to the end. */
export async function scrape(app: MeasuredApp): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${app.port}/metrics`, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`a scrape was answered with ${response.status}`);
  await response.arrayBuffer();
}
