// A real run of everything: the demo's backends on servers of their own, under load; a Prometheus with the generated rules and the
// repository's prometheus.yml; an Alertmanager. Durations of rules and scrapes are shorter by a scale, thresholds are not.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Fault } from '@earntrack/demo/dist/src/faults/switchboard';
import { LoadDriver } from '@earntrack/demo/dist/src/load/driver';
import type { Planned } from '@earntrack/demo/dist/src/load/plan';
import { type Addresses, BackendProcess } from '@earntrack/demo/dist/src/run/backend-process';
import { Closers } from '@earntrack/demo/dist/src/run/closers';
import { startPaymentProvider } from '@earntrack/demo/dist/src/run/payment-provider';
import { type Alertmanager, freePort, startAlertmanager, startPostgres, startPrometheus, startRedis } from '@earntrack/local-servers';
import { config, outputs } from '@earntrack/monitoring';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { parse, stringify } from 'yaml';
import { type Collector, startCollector } from '../collector/support/collector';
import { PrometheusApi } from '../support/prometheus-api';

const ROOT = path.join(__dirname, '../../..');
/** As prometheus.yml names the backend. */
export const JOB = 'earntrack-backend';
const SCRAPE_SECONDS = 15;
/** Of one instance. Three of them are a load that two cores can bear beside everything else. */
const REQUESTS_PER_SECOND = 50;
const TICK_MS = 20;
/** A fault is turned on for so long, again and again, and so is soon over. */
const FAULT_SECONDS = 2;

export interface StageOptions {
  /** How many times shorter durations are. */
  readonly timeScale: number;
  readonly instances: number;
  /** Metrics are pushed through the collector (TEST_OTELCOL), and nothing is scraped. */
  readonly pushed?: boolean;
  /** Whether alerts are sent to an Alertmanager. */
  readonly alertmanager?: boolean;
  /** Is told what takes a while. */
  readonly say?: (line: string) => void;
}

/** One of the backends, and who asks it. */
export interface Instance {
  /** As its label. */
  readonly name: string;
  readonly port: number;
  readonly load: LoadDriver;
  process: BackendProcess;
}

export class Stage {
  readonly instances: Instance[] = [];
  readonly #closers = new Closers();
  #addresses!: Addresses & { readonly redisUrl: string };
  #prometheus!: PrometheusApi;
  #alertmanager: Alertmanager | undefined;
  #collector: Collector | undefined;

  private constructor(readonly options: StageOptions) {}

  /** Everything runs, under load, when it resolves. */
  static async open(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    try {
      await stage.#startServers();
      // What is scraped must be there first, or it is missed; what is pushed to, too.
      if (options.pushed) await stage.#watch();
      // One after the other: the first makes the tables.
      for (let started = 0; started < options.instances; started += 1) await stage.#addInstance();
      if (!options.pushed) await stage.#watch();
      for (const { load } of stage.instances) load.start();
      return stage;
    } catch (thrown) {
      await stage.close();
      throw thrown;
    }
  }

  close(): Promise<void> {
    return this.#closers.run();
  }

  get prometheus(): PrometheusApi {
    return this.#prometheus;
  }

  /** @throws if the stage has none */
  get alertmanagerUrl(): string {
    if (!this.#alertmanager) throw new Error('opened without an Alertmanager');
    return this.#alertmanager.url;
  }

  /** The real seconds that so many seconds of the rules take. */
  scaled(seconds: number): number {
    return seconds / this.options.timeScale;
  }

  /** Sends what `make` gives, so many times a second, to all instances in turn. Returns the function that ends it. */
  send(perSecond: number, make: () => Planned): () => void {
    let [turn, owed] = [0, 0];
    return this.#repeatedly(TICK_MS, () => {
      for (owed += (perSecond * TICK_MS) / 1000; owed >= 1; owed -= 1) {
        const { load, process } = this.instances[turn++ % this.instances.length]!;
        if (!process.ended) void load.send(make());
      }
    });
  }

  /** Turns a fault on. Returns the function that ends it. */
  fault(fault: Fault, instances: readonly Instance[] = this.instances): () => void {
    const request = { method: 'POST', path: `/faults/${fault}?seconds=${FAULT_SECONDS}`, endpoint: '/faults/:fault' };
    return this.#repeatedly((FAULT_SECONDS * 1000) / 2, () => {
      for (const { load, process } of instances) if (!process.ended) void load.send(request);
    });
  }

  /** Starts an instance anew where it was. */
  async restart(instance: Instance): Promise<void> {
    instance.process = await this.#startBackend(instance.port);
  }

  async sql(statement: string): Promise<void> {
    const client = new Client(this.#addresses.databaseUrl);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  async forgetCached(pattern: string): Promise<void> {
    const redis = new Redis(this.#addresses.redisUrl);
    const keys = await redis.keys(pattern);
    if (keys.length > 0) await redis.del(keys);
    redis.disconnect();
  }

  #repeatedly(ms: number, work: () => void): () => void {
    const timer = setInterval(work, ms);
    const stop = (): void => clearInterval(timer);
    this.#closers.add(async () => stop());
    return stop;
  }

  async #startServers(): Promise<void> {
    const postgres = await startPostgres({ fresh: true });
    this.#closers.add(() => postgres.stop());
    const redis = await startRedis({ fresh: true, say: this.options.say });
    this.#closers.add(() => redis.stop());
    const provider = await startPaymentProvider();
    this.#closers.add(() => provider.stop());
    this.#addresses = { databaseUrl: postgres.url, redisUrl: redis.url, redisPrefix: '', paymentsUrl: provider.url };
  }

  async #addInstance(): Promise<void> {
    const port = await freePort();
    const process = await this.#startBackend(port);
    const load = new LoadDriver(port, true, REQUESTS_PER_SECOND);
    this.#closers.add(() => load.stop());
    this.instances.push({ name: `127.0.0.1:${port}`, port, load, process });
  }

  async #startBackend(port: number): Promise<BackendProcess> {
    const process = new BackendProcess(port, this.#addresses, () => {}, this.#pushSettings());
    this.#closers.add(() => process.stop());
    await process.ready(() => fetch(`http://127.0.0.1:${port}/health`));
    return process;
  }

  #pushSettings(): NodeJS.ProcessEnv {
    if (!this.#collector) return {};
    const interval = String(this.scaled(SCRAPE_SECONDS) * 1000);
    return {
      OTEL_SERVICE_NAME: JOB,
      OTEL_EXPORTER_OTLP_ENDPOINT: this.#collector.url,
      OTEL_METRIC_EXPORT_INTERVAL: interval,
      OTEL_METRIC_EXPORT_TIMEOUT: interval,
    };
  }

  async #watch(): Promise<void> {
    const { timeScale, alertmanager, pushed, say } = this.options;
    const files = outputs({ ...config, timeScale });
    if (alertmanager) {
      const started = await startAlertmanager(files.get('compose/alertmanager.yml')!);
      this.#closers.add(() => started.stop());
      this.#alertmanager = started;
    }
    // What still holds is said again as often as it would be, or Alertmanager takes it for over.
    const flags = [`--rules.alert.resend-delay=${this.scaled(60) * 1000}ms`, '--storage.tsdb.retention.size=10GB'];
    // What is pushed has no mark of its end.
    if (pushed) flags.push('--web.enable-remote-write-receiver', `--query.lookback-delta=${this.scaled(300)}s`);
    const prometheus = await startPrometheus({ configFile: this.#settingsFile(files), flags, say });
    this.#closers.add(() => prometheus.stop());
    this.#prometheus = new PrometheusApi(prometheus.url);
    if (pushed) await this.#collect();
  }

  async #collect(): Promise<void> {
    const collector = await startCollector({ env: { PROMETHEUS_REMOTE_WRITE_URL: `${this.#prometheus.url}/api/v1/write` } });
    this.#closers.add(() => collector.stop());
    this.#collector = collector;
  }

  /** prometheus.yml in a folder with the rule files that it names. */
  #settingsFile(files: ReadonlyMap<string, string>): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rehearsal-'));
    this.#closers.add(async () => fs.rmSync(folder, { recursive: true }));
    const settings = parse(fs.readFileSync(path.join(ROOT, 'prometheus.yml'), 'utf8')) as Settings;
    fs.mkdirSync(path.join(folder, 'compose'));
    for (const name of settings.rule_files) fs.writeFileSync(path.join(folder, name), files.get(name)!);
    const file = path.join(folder, 'prometheus.yml');
    fs.writeFileSync(file, stringify(this.#adapted(settings)));
    return file;
  }

  /** The repository's own settings, with shorter intervals, and the addresses of this run. */
  #adapted(settings: Settings): object {
    const interval = `${this.scaled(SCRAPE_SECONDS) * 1000}ms`;
    const alertmanagers = this.#alertmanager ? [{ static_configs: [{ targets: [new URL(this.#alertmanager.url).host] }] }] : [];
    const backend = settings.scrape_configs.find(({ job_name }) => job_name === JOB);
    const targets = this.instances.map(({ name }) => name);
    const scraped = { ...backend, scrape_interval: interval, scrape_timeout: interval, static_configs: [{ targets }] };
    return {
      ...settings,
      global: { ...settings.global, scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      alerting: { alertmanagers },
      scrape_configs: this.options.pushed ? [] : [scraped],
    };
  }
}

interface Settings {
  readonly global: object;
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly { readonly job_name: string }[];
}
