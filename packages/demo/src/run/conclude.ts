// Ends the load, waits until the last answers are counted, and prints what both sides counted.

import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf } from '../figures/figures';
import { Interval } from '../figures/increase';
import type { Started } from './start';
import { differences, summaryLines } from './summary';

/** A request is counted when its answer was sent, which may be a moment after the client has read it. */
const SETTLE_MS = 3_000;

/** @returns whether /metrics and the driver counted the same requests */
export async function conclude({ driver, scraper, baseline }: Started): Promise<boolean> {
  await driver.stop();
  const deadline = Date.now() + SETTLE_MS;
  let interval = new Interval(baseline, await scraper.scrape());
  while (differences(interval, driver.tally).length > 0 && Date.now() < deadline) {
    await sleep(100);
    interval = new Interval(baseline, await scraper.scrape());
  }
  console.log(summaryLines(interval, figuresOf(interval), driver.tally).join('\n'));
  const wrong = differences(interval, driver.tally);
  console.log(wrong.length === 0 ? '\n/metrics and the load driver counted the same requests.' : '\n/metrics and the load driver do not agree:');
  for (const { series, metrics, driver: counted } of wrong) console.log(`  ${series}: /metrics ${metrics}, driver ${counted}`);
  return wrong.length === 0;
}
