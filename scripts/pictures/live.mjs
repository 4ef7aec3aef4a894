// docs/live.png and docs/live-dark.png: the live page while the demo's reports have become slow.

import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const { startChromium } = createRequire(import.meta.url)('../../packages/local-servers');

const SIZE = { width: 1280, height: 868, deviceScaleFactor: 1.1 };
const SCHEMES = { light: 'live.png', dark: 'live-dark.png' };
const CALM_MS = 150_000;
const FAULT_SECONDS = 120;
/** What is drawn on canvases takes its colours anew. */
const REDRAWN_MS = 1000;
const PATIENCE_MS = FAULT_SECONDS * 1000;

export async function draw({ port, docs, say }) {
  const chromium = await startChromium(say);
  try {
    const page = await chromium.newPage();
    await page.setViewport(SIZE);
    await page.goto(`http://127.0.0.1:${port}/metrics/live`);
    say(`The live page is open; it is drawn in ${CALM_MS / 60_000} minutes, when its graphs have something to show.`);
    await sleep(CALM_MS);
    await fetch(`http://127.0.0.1:${port}/faults/slow-queries?seconds=${FAULT_SECONDS}`, { method: 'POST' });
    await page.waitForFunction(`document.querySelector('.sentence').textContent.startsWith('Look at the database')`, { timeout: PATIENCE_MS });
    for (const [value, name] of Object.entries(SCHEMES)) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await sleep(REDRAWN_MS);
      await page.screenshot({ path: path.join(docs, name) });
      say(`docs/${name}`);
    }
  } finally {
    await chromium.stop();
  }
}
