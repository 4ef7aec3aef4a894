// Ends the load, waits for the counts of the last answers, and prints the counts of all sides.

import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf } from '../figures/figures';
import { Interval } from '../figures/increase';
import { differences } from './comparison';
import type { Started } from './start';
import { summaryLines, verdictLines } from './summary';

/** The preload counts a request after sending the answer, perhaps a moment after the client has read the answer. */
const SETTLE_MS = 3_000;

/** @returns whether /metrics, the driver and the backend's own book counted the same requests */
export async function conclude({ backend, driver, scraper, baseline }: Started): Promise<boolean> {
  await driver.stop();
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const [book, now] = [await backend.book({ hold: true }), await scraper.scrape()];
    const wrong = differences(now, driver.tally, book);
    if (wrong.length === 0 || Date.now() > deadline) {
      const figures = figuresOf(new Interval(baseline, now));
      console.log([...summaryLines(now, figures, driver.tally, book), '', ...verdictLines(now, book, wrong)].join('\n'));
      return wrong.length === 0;
    }
    await sleep(100);
  }
}
