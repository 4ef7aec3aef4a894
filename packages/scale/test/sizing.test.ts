// The arithmetic of compose/SCALING.md, held to what a real Prometheus stores and takes.

import assert from 'node:assert/strict';
import { measureBlock, measureScraped, type Scraped } from '../src/measure';
import { BYTES_A_SAMPLE, GRAFANA_CLOUD, described, MEMORY_BYTES_A_SERIES, needsOf, WAL_BYTES_A_SAMPLE, type Plan } from '../src/sizing';

const PLAN: Plan = { instances: 20, seriesEach: 1000, intervalSeconds: 1, retentionDays: 30, deploysADay: 0 };

describe('The sizing arithmetic, on Prometheus', () => {
  const needs = needsOf(PLAN);
  let scraped: Scraped;
  before(async function () {
    this.timeout(180_000);
    scraped = await measureScraped({ instances: PLAN.instances, series: PLAN.seriesEach, intervalSeconds: 1, scrapes: 12, withinSeconds: 150 });
  });

  it('has the series right, to the last one', () => {
    assert.equal(scraped.activeSeries, needs.activeSeries);
  });

  it('has the samples right: each scrape stores each series once, and scrapes come as often as they are set to', () => {
    assert.ok(scraped.scrapes >= 12 * PLAN.instances);
    assert.equal(scraped.samples, scraped.scrapes * PLAN.seriesEach);
    assert.ok(Math.abs(scraped.intervalSeconds - PLAN.intervalSeconds) < 0.1, `every ${scraped.intervalSeconds} s`);
  });

  it('reckons with more memory a series than there is, and with no more than five times as much', () => {
    const measured = scraped.memoryBytes / scraped.activeSeries;
    assert.ok(measured < MEMORY_BYTES_A_SERIES && measured > MEMORY_BYTES_A_SERIES / 5, `${measured} bytes a series`);
  });

  it('reckons with more log a sample than there is, and with no more than twice as much', () => {
    const measured = scraped.wal.bytes / scraped.wal.samples;
    assert.ok(measured < WAL_BYTES_A_SAMPLE && measured > WAL_BYTES_A_SAMPLE / 2, `${measured} bytes a sample`);
  });

  it('reckons with as many bytes a sample as a block takes, a quarter more or less', async () => {
    const { bytes, samples } = await measureBlock(1000, 2, 15);
    assert.equal(samples, (2 * 3600 * 1000) / 15);
    const measured = bytes / samples;
    assert.ok(Math.abs(measured / BYTES_A_SAMPLE - 1) < 0.25, `${measured} bytes a sample`);
  });
});

describe('needsOf', () => {
  it('is SCALING.md’s example', () => {
    const { activeSeries, samplesPerSecond, diskBytes } = needsOf({
      instances: 50,
      seriesEach: 995,
      intervalSeconds: 10,
      retentionDays: 10,
      deploysADay: 0,
    });
    assert.deepEqual([activeSeries, samplesPerSecond], [50_000, 5000]);
    assert.equal(diskBytes, 5000 * 86_400 * 10 * BYTES_A_SAMPLE + 5000 * 3 * 3600 * WAL_BYTES_A_SAMPLE);
  });

  it('keeps the series that a deploy ended in memory for three hours', () => {
    const plan = { ...PLAN, deploysADay: 8 };
    assert.equal(needsOf(plan).headSeries, 2 * needsOf(PLAN).headSeries);
    assert.equal(needsOf(plan).activeSeries, needsOf(PLAN).activeSeries);
  });

  it('says so where Grafana Cloud’s defaults do not suffice', () => {
    const most = { ...PLAN, seriesEach: 7495, intervalSeconds: 15 };
    assert.equal(needsOf(most).samplesPerSecond, GRAFANA_CLOUD.samplesPerSecond);
    assert.equal(needsOf(most).activeSeries, GRAFANA_CLOUD.activeSeries);
    assert.doesNotMatch(described(most), /Grafana Cloud/);
    assert.match(described({ ...most, instances: 21 }), /over Grafana Cloud’s defaults/);
  });
});
