// App → collector → Prometheus with basic auth, and the same app scraped by that Prometheus: both must be the same series.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, startPostgres, startRedis } from '@earntrack/local-servers';
import { parse } from 'yaml';
import { root, startApp, type App } from '../support/app';
import { CREDENTIALS, startReceiver, type Receiver } from '../support/remote-write-receiver';
import { startCollector, type Collector } from './support/collector';
import { until } from '../support/until';

const JOB = 'earntrack-all';
const INSTANCE = 'pushed';
/** Of the process itself, and of Redis: it moves while nobody asks anything of them. */
const MOVING = /^(process_|nodejs_|otel_preload_|cache_size_bytes$)/;
/** Prometheus's own, about its scrape. */
const OF_THE_SCRAPE = /^(up|scrape_)/;
/** By kinds of what is open at this very moment, as a connection is that brings the scrape or the push. */
const FLEETING = /^nodejs_active_(requests|resources|handles)$/;

describe('The whole way of a push', () => {
  const ends: (() => Promise<unknown> | void)[] = [];
  let receiver: Receiver;
  let collector: Collector;
  let app: App;

  before(async function () {
    this.timeout(300_000);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'whole-way-'));
    ends.push(() => fs.rmSync(folder, { recursive: true }));
    const postgres = await startPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
    ends.push(postgres.stop);
    const redis = await startRedis();
    ends.push(redis.stop);
    const port = await freePort();
    receiver = await startReceiver(scraping(port));
    ends.push(receiver.stop);
    fs.writeFileSync(path.join(folder, 'password'), CREDENTIALS.password);
    collector = await startCollector({
      env: {
        PROMETHEUS_REMOTE_WRITE_URL: receiver.writeUrl,
        PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username,
        PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: path.join(folder, 'password'),
      },
    });
    ends.push(collector.stop);
    app = await startApp('all.cjs', {
      env: {
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        METRICS_PORT: String(port),
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_METRIC_EXPORT_INTERVAL: '1000',
        OTEL_SERVICE_NAME: JOB,
        OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${INSTANCE}`,
      },
    });
    ends.push(app.stop);
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  /** Each series of the instance as text, and its value; without job and instance, by which the two ways are told apart. */
  async function seriesOf(instance: string): Promise<Map<string, string>> {
    const series = await receiver.series(`{job="${JOB}",instance="${instance}"}`);
    const told = series.filter(({ __name__: name, metric = '' }) => !OF_THE_SCRAPE.test(name!) && !FLEETING.test(name!) && !FLEETING.test(metric));
    return new Map(
      told.map(({ value, ...labels }) => {
        const own = Object.entries(labels).filter(([label]) => label !== 'job' && label !== 'instance');
        return [JSON.stringify(own.toSorted(([a], [b]) => (a < b ? -1 : 1))), value!];
      }),
    );
  }

  const nameOf = (series: string): string => (JSON.parse(series) as [string, string][]).find(([label]) => label === '__name__')![1];
  const quiet = (all: Map<string, string>): [string, string][] =>
    [...all].filter(([series]) => !MOVING.test(nameOf(series))).toSorted(([a], [b]) => (a < b ? -1 : 1));

  it('ends in the series of the scrape: name, labels, le and value', async function () {
    this.timeout(300_000);
    let [pushed, scraped] = [new Map<string, string>(), new Map<string, string>()];
    const read = async (): Promise<boolean> => {
      [pushed, scraped] = await Promise.all([seriesOf(INSTANCE), seriesOf('scraped')]);
      return scraped.size > 0 && pushed.size === scraped.size && JSON.stringify(quiet(pushed)) === JSON.stringify(quiet(scraped));
    };
    await until(read, () => `pushed ${pushed.size}, scraped ${scraped.size}\n${app.stderr()}\n${collector.log()}`).catch((thrown: Error) => {
      assert.deepEqual(quiet(pushed), quiet(scraped));
      assert.deepEqual([...pushed.keys()].sort(), [...scraped.keys()].sort());
      throw thrown;
    });
    assert.deepEqual([...pushed.keys()].sort(), [...scraped.keys()].sort());
  });

  it('carries all that the app did: requests, queries, cache, jobs, sockets and errors', async () => {
    const names = new Set(quiet(await seriesOf(INSTANCE)).map(([series]) => nameOf(series)));
    for (const name of ['http_requests_total', 'database_query_duration_ms_bucket', 'cache_hits_total', 'jobs_executed_total', 'errors_total']) {
      assert.ok(names.has(name), `${name} is not among ${[...names].join()}`);
    }
    assert.ok(names.has('websocket_connections_total'));
  });

  it('shows no password: not in the log, not in the process list, not in what the collector tells of itself', async () => {
    const listed = fs.readFileSync(`/proc/${collector.pid()}/cmdline`, 'utf8') + fs.readFileSync(`/proc/${collector.pid()}/environ`, 'utf8');
    const told = await (await fetch(collector.metricsUrl)).text();
    const forms = [CREDENTIALS.password, Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')];
    for (const text of [collector.log(), listed, told]) for (const form of forms) assert.ok(!text.includes(form));
  });
});

/** The shipped prometheus.yml's way of scraping the app, and its window for what is old. */
function scraping(port: number): string {
  const shipped = parse(fs.readFileSync(path.join(root, 'prometheus.yml'), 'utf8')) as {
    storage: object;
    scrape_configs: { job_name: string; metric_relabel_configs?: object[] }[];
  };
  const { metric_relabel_configs } = shipped.scrape_configs.find(({ job_name }) => job_name === 'earntrack-backend')!;
  const targets = [{ targets: [`127.0.0.1:${port}`], labels: { instance: 'scraped' } }];
  const scrape = { job_name: JOB, scrape_interval: '1s', static_configs: targets, metric_relabel_configs };
  return JSON.stringify({ storage: shipped.storage, scrape_configs: [scrape] });
}
