// The live page in a real browser: under the demo's load, beside a Prometheus with the same scrapes, hidden, logged in, and when the app goes.

import { freePort, startChromium, startPrometheus, type Chromium, type Page } from '@earntrack/local-servers';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, startApp, type App } from '../support/app';
import { PrometheusApi } from '../support/prometheus-api';

const SCRAPES = 14;
const RATE_WINDOW_MS = 30_000;
const POLL_MS = 3_000;

/** What a browser tells of a page, from its opening on. */
interface Watched {
  readonly page: Page;
  readonly urls: string[];
  /** Errors of scripts, of the console (violations of the policy among them), and of requests. */
  readonly errors: string[];
  /** What each scrape answered. */
  readonly scrapes: string[];
}

/** What a page shows of a scrape. */
interface Shown {
  /** The scrape's time, in ms; 0 before the first. */
  readonly at: number;
  /** `Us: 95th percentile` → `46.2 ms`; `HTTP: Requests` → `112 req/s`. */
  readonly tiles: Readonly<Record<string, string>>;
}

const SHOWN = `(() => {
  const tiles = {};
  for (const tile of document.querySelectorAll('.tile')) {
    const heading = tile.closest('.column, .board').querySelector('h2').textContent;
    tiles[heading + ': ' + tile.querySelector('.tile-title > span').textContent] = tile.querySelector('.value').textContent;
  }
  return { at: Date.parse(document.querySelector('time').dateTime) || 0, tiles };
})()`;

/** Keeps what is shown after each scrape, from the first one on: a look from outside, on a busy machine, would miss some. */
const RECORD = `
  window.shown = [];
  new MutationObserver(() => {
    if (!document.querySelector('time')) return;
    const now = ${SHOWN};
    if (now.at > 0 && now.at !== window.shown.at(-1)?.at) window.shown.push(now);
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });`;

describe('the live page in a browser', function () {
  this.timeout(300_000);
  let chromium: Chromium;
  const apps: App[] = [];
  const pictures = path.join(os.tmpdir(), 'live-page');

  before(async () => {
    chromium = await startChromium(console.log);
    fs.mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await chromium.stop();
    await Promise.all(apps.map((app) => app.stop()));
  });

  async function open(url: string, before: (page: Page) => Promise<void> = async () => {}): Promise<Watched> {
    const page = await chromium.newPage();
    const watched: Watched = { page, urls: [], errors: [], scrapes: [] };
    page.on('pageerror', (error: Error) => watched.errors.push(error.message));
    page.on('console', (message: { type(): string; text(): string }) => message.type() === 'error' && watched.errors.push(message.text()));
    page.on('request', (request: { url(): string }) => watched.urls.push(request.url()));
    page.on('response', (response: { url(): string; ok(): boolean; text(): Promise<string> }) => {
      if (new URL(response.url()).pathname !== '/metrics' || !response.ok()) return;
      const index = watched.scrapes.push('') - 1;
      void response.text().then((text) => (watched.scrapes[index] = text));
    });
    await before(page);
    await page.goto(url);
    return watched;
  }

  async function startServer(env: Readonly<Record<string, string>> = {}, port = 0, host = '127.0.0.1'): Promise<App> {
    const app = await startApp('server-on-command.js', { args: [JSON.stringify({ port, host })], env });
    apps.push(app);
    return app;
  }

  const says = (page: Page, text: string): Promise<unknown> =>
    page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(text)})`, { timeout: 60_000 });

  describe("under the demo's load", () => {
    let demo: Demo;
    let watched: Watched;
    const shown: Shown[] = [];

    before(async () => {
      demo = await startDemo();
      watched = await open(`${demo.url}/metrics/live`, async (page) => void (await page.evaluateOnNewDocument(RECORD)));
      await watched.page.waitForFunction(`window.shown.length >= ${SCRAPES}`, { timeout: 240_000 });
      shown.push(...(await watched.page.evaluate<Shown[], []>('window.shown')));
      while (watched.scrapes.slice(0, shown.length).includes('')) await sleep(100);
    });
    after(() => demo.stop());

    it('moves its numbers', () => {
      for (const tile of ['Us: 95th percentile', 'Database: 95th percentile', 'HTTP: Requests', 'Database: Queries', 'Cache: Hit rate']) {
        const values = new Set(shown.map(({ tiles }) => tiles[tile]));
        assert.ok(values.size > 3, `${tile} was ${[...values].join(', ')}`);
      }
    });

    it("tells Prometheus's quantiles and rates of the same scrapes, within the three digits that it shows", async () => {
      const texts = watched.scrapes.slice(0, shown.length);
      const prometheus = await prometheusWith(texts.map((text, index) => timed(text, shown[index]!.at)));
      const api = new PrometheusApi(prometheus.url);
      try {
        for (const { at, tiles } of shown.slice(1)) {
          const window = `${Math.min(RATE_WINDOW_MS, at - shown[0]!.at + POLL_MS)}ms`;
          for (const [tile, query] of Object.entries(queriesOver(window))) {
            const wanted = (await api.query(query, at / 1000))[0]?.value ?? NaN;
            assertNear(numberOf(tiles[tile]!), wanted, `${tile} at ${at}`);
          }
        }
      } finally {
        await prometheus.stop();
      }
    });

    it('asks nobody but the app, and has no error and no violation of its policy', () => {
      const others = watched.urls.filter((url) => !url.startsWith('data:') && new URL(url).origin !== demo.url);
      assert.deepEqual(others, []);
      assert.deepEqual(watched.errors, []);
    });

    for (const [name, width, scheme] of [
      ['desktop', 1440, 'light'],
      ['phone', 390, 'light'],
      ['dark', 1440, 'dark'],
    ] as const) {
      it(`can be read on a ${name} (${pictures}/${name}.png)`, async () => {
        const { page } = watched;
        await page.setViewport({ width, height: 900, isMobile: name === 'phone' });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await sleep(POLL_MS);
        await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, 'nothing sticks out');
        assert.deepEqual(await page.evaluate(UNDRAWN), [], 'what has a text, and none on the page');
        assert.deepEqual(await page.evaluate(PALE), [], 'what has too little contrast');
        assert.deepEqual(await page.evaluate(NAMELESS), [], 'what has no name');
      });
    }
  });

  it('says that it collects, then that all is well, from the first scrapes on', async () => {
    const { port } = await startServer();
    const { page } = await open(`http://127.0.0.1:${port}/metrics/live`);
    await says(page, 'ollecting');
    await says(page, 'All is well.');
  });

  it('does not poll while nobody looks, and goes on when somebody does', async () => {
    const { port } = await startServer();
    const { page, scrapes } = await open(`http://127.0.0.1:${port}/metrics/live`);
    await says(page, 'All is well.');
    await page.evaluate(hide(true));
    const before = scrapes.length;
    await sleep(3 * POLL_MS);
    assert.ok(scrapes.length <= before + 1, `${scrapes.length - before} scrapes while it was hidden`);
    const hidden = scrapes.length;
    await page.evaluate(hide(false));
    while (scrapes.length < hidden + 2) await sleep(100);
  });

  it('says since when the app is away, and that it was started anew', async () => {
    const port = await freePort();
    const first = await startServer({}, port);
    const { page } = await open(`http://127.0.0.1:${port}/metrics/live`);
    await says(page, 'All is well.');
    await first.stop();
    await says(page, 'The app has not answered since');
    await startServer({}, port);
    await says(page, 'restarted ');
    await says(page, 'All is well.');
  });

  it('is there for who logs in from another address, with the token as password', async () => {
    const elsewhere = Object.values(os.networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.address.startsWith('127.'))!.address;
    const { port } = await startServer({ METRICS_LIVE: 'true', METRICS_AUTH_TOKEN: 's3cret', NODE_ENV: 'production' }, 0, '0.0.0.0');
    const { page } = await open(`http://${elsewhere}:${port}/metrics/live`, (it) => it.authenticate({ username: 'me', password: 's3cret' }));
    await says(page, 'All is well.');
  });
});

interface Demo {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** On the servers of the test run, without a Prometheus of its own. */
async function startDemo(): Promise<Demo> {
  const port = await freePort();
  const env = { ...process.env, PATH: '', DATABASE_URL: process.env['TEST_DATABASE_URL'], REDIS_URL: process.env['TEST_REDIS_URL'] };
  const demo = spawn(process.execPath, [path.join(root, 'packages/demo/dist/src/cli.js'), '--port', String(port)], { env });
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes('/metrics')) {
    assert.equal(demo.exitCode, null, output);
    await sleep(50);
  }
  const stop = async (): Promise<void> => {
    if (demo.exitCode !== null || !demo.kill('SIGINT')) return;
    await once(demo, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

const queriesOver = (window: string): Readonly<Record<string, string>> => ({
  'Us: 95th percentile': `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[${window}])))`,
  'Database: 95th percentile': `histogram_quantile(0.95, sum by (le) (rate(database_query_duration_ms_bucket[${window}])))`,
  'HTTP: Requests': `sum(rate(http_requests_total[${window}]))`,
  'Cache: Hit rate': `100 * sum(rate(cache_hits_total[${window}])) / (sum(rate(cache_hits_total[${window}])) + sum(rate(cache_misses_total[${window}])))`,
});

/** The samples of a scrape with its time behind each. */
function timed(text: string, at: number): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => `${line} ${at}\n`).join('');
}

/** A Prometheus that got these samples, from a target that has all of them at once. */
async function prometheusWith(texts: readonly string[]): Promise<{ url: string; stop(): Promise<void> }> {
  const target = http.createServer((_, response) => response.end(texts.join('')));
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const { port } = target.address() as AddressInfo;
  const scrape = `{ job_name: app, scrape_interval: 10s, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }`;
  const prometheus = await startPrometheus({ config: `scrape_configs: [${scrape}]` });
  const api = new PrometheusApi(prometheus.url);
  for (let up: number | undefined; up !== 1; up = (await api.query('up'))[0]?.value) {
    assert.notEqual(up, 0, JSON.stringify(await api.get('targets')));
    await sleep(100);
  }
  target.close();
  target.closeAllConnections();
  return prometheus;
}

/** In the query's unit: ms, a second, percent. */
function numberOf(text: string): number {
  const [, number, unit] = /^([\d.]+)\s*(.*)$/.exec(text) ?? [];
  return Number(number) * (unit === 's' ? 1000 : 1);
}

function assertNear(given: number, wanted: number, what: string): void {
  const neither = Number.isNaN(given) && Number.isNaN(wanted);
  assert.ok(neither || Math.abs(given - wanted) <= 0.01 * Math.abs(wanted), `${what}: the page tells ${given}, Prometheus ${wanted}`);
}

/** Headless tabs are never hidden by others: the browser's own word is given for it. */
const hide = (hidden: boolean): string =>
  `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'));`;

/** Texts that take no room where they are shown; 'none' where there are no texts at all. */
const UNDRAWN = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.data.trim() && node.parentElement.checkVisibility() && !node.parentElement.closest('script, style, summary, svg') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const undrawn = [];
  let seen = 0;
  for (const range = document.createRange(); walker.nextNode(); seen += 1) {
    range.selectNodeContents(walker.currentNode);
    if (range.getBoundingClientRect().width === 0) undrawn.push(walker.currentNode.data);
  }
  return seen > 0 ? undrawn.slice(0, 5) : ['none'];
})()`;

/** Texts with less than WCAG's 4.5 : 1, as `class: ratio`. */
const PALE = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parse(color).map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parse(color)[3] !== 0) return color;
    }
  };
  const pale = [];
  for (const element of document.querySelectorAll('h1, h2, h4, p, a, th, td, li span, li b, .number, .unit, .tile-title > span, .facts, .status, .word')) {
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((one, other) => other - one);
    const ratio = (a + 0.05) / (b + 0.05);
    if (element.offsetParent && ratio < 4.5) pale.push((element.className || element.tagName) + ': ' + ratio.toFixed(2));
  }
  return [...new Set(pale)];
})()`;

/** Pictures and controls without a text for who cannot see them. */
const NAMELESS = `[...document.querySelectorAll('[role=img], summary, table, nav')]
  .filter((element) => element.offsetParent && !element.getAttribute('aria-label') && !element.textContent)
  .map((element) => element.outerHTML.slice(0, 80))`;
