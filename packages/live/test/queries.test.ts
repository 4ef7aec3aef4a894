// Every query of the page, evaluated over the scrapes of a known process, against a real Prometheus that scraped the same.

import { startPrometheus, type Prometheus } from '@earntrack/local-servers';
import { print } from '@earntrack/monitoring';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Evaluator, History, livePanels, SampleReader } from '../src';
import { ask, series } from './support/prometheus';
import { exposition, FAILURE, RESTART } from './support/world';

const SCRAPES = 60;
const INTERVAL_MS = 400;
const RANGES = { $__rate_interval: 5_000, $__range: 16_000 };
/** Between two scrapes: whether a sample that lies just at a window's beginning is in it depends on Prometheus's version. */
const AFTER_MS = 130;

const queries = livePanels().flatMap(({ rows }) =>
  rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(({ expr }) => ({ expr, panel })))),
);

/** In Prometheus's words. */
const printed = (expr: (typeof queries)[number]['expr']): string =>
  print(expr).replaceAll('$__rate_interval', `${RANGES.$__rate_interval}ms`).replaceAll('$__range', `${RANGES.$__range}ms`);

/** Serves the known scrapes one after the other. */
async function startTarget(): Promise<{ server: http.Server; served: () => number }> {
  let n = 0;
  const server = http.createServer((_, response) => {
    const text = exposition(n);
    n += 1;
    response.writeHead(text === undefined ? 500 : 200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, served: () => n };
}

const configOf = (port: number): string => `
global: { scrape_interval: ${INTERVAL_MS}ms, scrape_timeout: ${INTERVAL_MS}ms }
scrape_configs:
  - job_name: known
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`;

describe("the page's queries", function () {
  this.timeout(180_000);
  let prometheus: Prometheus;
  let server: http.Server;
  let history: History;

  before(async () => {
    const target = await startTarget();
    server = target.server;
    prometheus = await startPrometheus({ config: configOf((server.address() as AddressInfo).port) });
    while (target.served() < SCRAPES) await sleep(100);
    history = await sameScrapes(prometheus.url);
  });

  after(async () => {
    await prometheus.stop();
    server.close();
    server.closeAllConnections();
  });

  it('are those of most panels, of every board', () => {
    assert.ok(queries.length > 70, `${queries.length}`);
    const titles = livePanels().map(({ title }) => title);
    assert.deepEqual(titles, ['Overview', 'HTTP', 'Database', 'Cache', 'Jobs', 'WebSockets', 'Errors', 'Business', 'Node runtime']);
  });

  it('give what Prometheus gives for the same scrapes: around the restart, the failed scrape, births and ends', async () => {
    let compared = 0;
    const evaluator = new Evaluator(history);
    for (const scrape of [8, FAILURE - 3, FAILURE, FAILURE + 2, RESTART, RESTART + 3, 44, history.times.length - 1]) {
      const at = history.times[scrape]! + AFTER_MS;
      evaluator.moveTo(at, RANGES);
      for (const { expr, panel } of queries)
        compared += compare(
          evaluator.evaluate(expr),
          await ask(prometheus.url, printed(expr), at),
          `${panel.title}, scrape ${scrape}: ${printed(expr)}`,
        );
    }
    assert.ok(compared > 1_000, `${compared} values were compared`);
  });
});

/** What Prometheus has, by the times at which it has it: a scrape that came too late for it is none here either. */
async function sameScrapes(url: string): Promise<History> {
  const [up, numbers] = await Promise.all(['up[10m]', 'scrape_number[10m]'].map(async (query) => (await ask(url, query, Date.now()))[0]!.values!));
  const textOf = new Map(numbers!.map(([time, n]) => [time, exposition(Number(n))!]));
  const history = new History(10 * 60_000);
  const names = new Set(queries.flatMap(({ expr }) => [...JSON.stringify(expr).matchAll(/"name":"(\w+)"/g)].map(([, name]) => name!)));
  const reader = new SampleReader(history, names);
  for (const [time] of up!) history.add(time * 1000, reader.read(textOf.get(time) ?? ''));
  return history;
}

/** @returns how many values were compared */
function compare(ours: ReturnType<Evaluator['evaluate']>, theirs: Awaited<ReturnType<typeof ask>>, what: string): number {
  const samples = typeof ours === 'number' ? [{ labels: {}, value: ours }] : ours;
  const expected = new Map(theirs.map(({ metric, value }) => [series(metric), Number(value![1])]));
  assert.deepEqual(samples.map(({ labels }) => series(labels)).sort(), [...expected.keys()].sort(), what);
  for (const { labels, value } of samples) {
    const wanted = expected.get(series(labels))!;
    const isSame = Object.is(value, wanted) || Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    assert.ok(isSame, `${what}\n${series(labels)} is ${value}, and ${wanted} for Prometheus`);
  }
  return samples.length;
}
