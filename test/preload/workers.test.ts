// Cluster workers share a port: whichever is scraped answers for all, and no total goes backwards when one ends.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startApp, type App } from '../support/app';
import { samplesOf, scrape, scrapeUntil, seriesOf } from '../support/exposition';

const total = (series: Record<string, number>): number => Object.values(series).reduce((sum, count) => sum + count, 0);

describe('the metrics of cluster workers', () => {
  let app: App;
  before(async () => (app = await startApp('cluster.js')));
  after(() => app.stop());

  const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${app.port}${path}`)).text();

  it('are those of all workers, whichever is scraped', async () => {
    const answered = new Set<string>();
    for (let count = 0; count < 20; count += 1) answered.add(await get('/'));
    assert.equal(answered.size, 2, 'both workers have answered');
    for (let count = 0; count < 4; count += 1) {
      const samples = await scrapeUntil(app.port, (now) => total(seriesOf(now, 'http_requests_total')) >= 20);
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), { 'endpoint="unmatched",method="GET",status="200"': 20 });
      assert.equal(samples.get('http_request_duration_ms_bucket{endpoint="unmatched",le="+Inf",method="GET"}'), 20);
      assert.equal(samples.get('otel_preload_info{version="0.1.0"}'), 1);
    }
  });

  it('keep what a killed worker had shown', async () => {
    await get('/die');
    await app.said('again');
    for (let count = 0; count < 10; count += 1) await get('/');
    const samples = await scrapeUntil(app.port, (now) => total(seriesOf(now, 'http_requests_total')) >= 30);
    const counted = total(seriesOf(samples, 'http_requests_total'));
    assert.ok(counted === 30 || counted === 31, `30 shown before and after the kill, and perhaps the request that killed: ${counted}`);
    for (let count = 0; count < 4; count += 1) assert.equal(total(seriesOf(await scrape(app.port), 'http_requests_total')), counted);
  });

  it('say nothing in the log', () => assert.deepEqual(app.log(), []));
});

describe('the folder that cluster workers share', () => {
  let app: App;
  let temporary: string;
  before(async () => {
    temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'workers-'));
    app = await startApp('cluster.js', { env: { TMPDIR: temporary } });
  });
  after(async () => {
    await app.stop();
    fs.rmSync(temporary, { recursive: true, force: true });
  });

  it('is made anew when somebody tidies up, and no scrape shows less than one before', async () => {
    for (let count = 0; count < 20; count += 1) await (await fetch(`http://127.0.0.1:${app.port}/`)).text();
    await scrapeUntil(app.port, (now) => total(seriesOf(now, 'http_requests_total')) === 20);
    fs.rmSync(path.join(temporary, `otel-preload-${process.getuid!()}`), { recursive: true });
    let shown = 0;
    for (const end = Date.now() + 20_000; shown < 6; await new Promise((resolve) => setTimeout(resolve, 100))) {
      assert.ok(Date.now() < end, 'the metrics are back');
      const response = await fetch(`http://127.0.0.1:${app.port}/metrics`);
      const text = await response.text();
      if (response.status === 503) continue;
      assert.equal(total(seriesOf(samplesOf(text), 'http_requests_total')), 20);
      shown += 1;
    }
  });

  it('is needed: without one the metrics are absent rather than those of one worker, and a line names the remedy', async () => {
    const without = await startApp('cluster.js', { env: { TMPDIR: '/proc/none' } });
    try {
      const response = await fetch(`http://127.0.0.1:${without.port}/metrics`);
      assert.equal(response.status, 503);
      assert.match(await response.text(), /set TMPDIR/);
      assert.ok(without.log().some((line) => /no metrics are served: .*set TMPDIR/.test(line)));
      assert.match(await (await fetch(`http://127.0.0.1:${without.port}/`)).text(), /^\d+$/);
    } finally {
      await without.stop();
    }
  });
});
