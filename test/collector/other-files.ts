// What else is shipped beside the main configuration: each carries what a real app shows to a real Prometheus.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { startApp, type App } from '../support/app';
import { CREDENTIALS, startReceiver, type Receiver } from '../support/remote-write-receiver';
import { MAIN, startCollector, type Collector } from './support/collector';
import { pusher } from './support/pusher';
import { until } from '../support/until';

const JOB = 'earntrack-app';

describe("The collector's other files", function () {
  this.timeout(300_000);
  let folder: string;
  let receiver: Receiver;
  let ends: (() => Promise<void>)[] = [];
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'other-files-'));
    fs.writeFileSync(path.join(folder, 'password'), CREDENTIALS.password);
    fs.writeFileSync(path.join(folder, 'htpasswd'), `functions:{SHA}${createHash('sha1').update('s3cr3t').digest('base64')}\n`);
    receiver = await startReceiver(undefined, '--web.enable-otlp-receiver');
  });
  afterEach(async () => {
    for (const end of ends) await end();
    ends = [];
  });
  after(async () => {
    await receiver?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  async function started(files: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Collector> {
    const env = {
      PROMETHEUS_REMOTE_WRITE_URL: receiver.writeUrl,
      PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username,
      PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: path.join(folder, 'password'),
      ...variables,
    };
    const collector = await startCollector({ files, env });
    ends.push(collector.stop);
    return collector;
  }

  async function app(env: Readonly<Record<string, string>> = {}): Promise<App> {
    const made = await startApp('http-app.js', { env });
    ends.push(made.stop);
    return made;
  }

  const answered = async ({ port }: App, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await (await fetch(`http://127.0.0.1:${port}/`)).text();
  };
  const arrives = (query: string, value: number, { log }: Collector): Promise<void> =>
    until(
      async () => Number((await receiver.query(query))[0]) === value,
      () => `${query} does not become ${value}\n${log()}`,
    );

  it("send what is pushed to an OTLP endpoint that asks for basic auth, as Grafana Cloud's: under the same names", async () => {
    const collector = await started(['collector/grafana-cloud-otlp.yaml'], {
      GRAFANA_CLOUD_OTLP_ENDPOINT: receiver.writeUrl.replace('/write', '/otlp'),
      GRAFANA_CLOUD_INSTANCE_ID: CREDENTIALS.username,
      GRAFANA_CLOUD_TOKEN_FILE: path.join(folder, 'password'),
    });
    const { push, acknowledged } = pusher(collector.url, 'cloud_total');
    for (let time = 0; time < 3; time += 1) assert.ok(await push());
    await arrives('cloud_total', 3, collector);
    assert.deepEqual(
      await receiver.samples('cloud_total'),
      acknowledged.map(({ at, value }) => [at, value]),
    );
  });

  it('scrape an app that does not push', async () => {
    const scraped = await app();
    await answered(scraped, 7);
    const collector = await started([MAIN, 'collector/scrape.yaml'], { SCRAPE_TARGETS: `[127.0.0.1:${scraped.port}]` });
    await arrives('sum(http_requests_total{job="earntrack-backend"})', 7, collector);
    assert.deepEqual(await receiver.query(`up{job="earntrack-backend",instance="127.0.0.1:${scraped.port}"}`), ['1']);
  });

  it('add up what three preloaded apps push as deltas', async () => {
    const collector = await started([MAIN, 'collector/serverless.yaml'], { SERVERLESS_HTPASSWD_FILE: path.join(folder, 'htpasswd') });
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.functionsUrl,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Basic%20${Buffer.from('functions:s3cr3t').toString('base64')}`,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_SERVICE_NAME: JOB,
    };
    const apps = await Promise.all([app(env), app(env), app(env)]);
    await Promise.all(apps.map((each, index) => answered(each, 10 * (index + 1))));
    const total = `http_requests_total{job="${JOB}"}`;
    await arrives(total, 60, collector);
    await arrives(`http_request_duration_ms_count{job="${JOB}"}`, 60, collector);
    assert.equal((await receiver.series(total)).length, 1);
  });
});
