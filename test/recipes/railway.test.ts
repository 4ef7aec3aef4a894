// The recipe for Railway: a backend with its variables is scraped over IPv6 by a real Prometheus that is started as in its container.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { freePort, prometheusProgram, promtool } from '@earntrack/local-servers';
import { parseEnv } from 'node:util';
import { parse, stringify } from 'yaml';
import { root, startApp, type App } from '../support/app';
import { RECIPES } from '../support/manifests';
import { PrometheusApi } from '../support/prometheus-api';
import { bearer, Ports, requestsAt, status, USERS } from '../support/recipes';
import { until } from '../support/until';

const FOLDER = path.join(RECIPES, 'railway');
const read = (name: string): string => fs.readFileSync(path.join(FOLDER, name), 'utf8');
const variables = parseEnv(read('backend.env')) as Record<string, string>;
const config = parse(read('prometheus.yml'));
const backendJob = config.scrape_configs.find(({ job_name }: { job_name: string }) => job_name === 'earntrack-backend');
const TOKEN = 'a token';
const PATIENCE_MS = 40_000;

describe('The recipe for Railway', () => {
  let folder: string;
  let app: App;
  let ports: Ports;
  let prometheus: ChildProcess | undefined;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'railway-'));
    ports = await Ports.for(3001);
    assert.equal(variables['METRICS_AUTH_TOKEN'], '${{shared.METRICS_AUTH_TOKEN}}');
    app = await startApp('recipe-app.cjs', { env: ports.in({ ...variables, METRICS_AUTH_TOKEN: TOKEN }) });
  });

  after(async () => {
    const ended = prometheus && new Promise((resolve) => prometheus!.once('exit', resolve));
    prometheus?.kill('SIGKILL');
    await ended;
    await app?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  it('serves the metrics over IPv6, on the port and the path at which Prometheus looks, to whoever brings the token', async () => {
    const [{ type, port }] = backendJob.dns_sd_configs;
    assert.equal(type, 'AAAA');
    assert.equal(await status(ports.of(port), '/users/7', {}, '[::1]'), 200);
    assert.equal(await status(ports.of(port), backendJob.metrics_path, bearer(TOKEN), '[::1]'), 200);
    assert.equal(await status(ports.of(port), backendJob.metrics_path, {}, '[::1]'), 401);
    assert.deepEqual(await requestsAt(ports.of(port), backendJob.metrics_path, bearer(TOKEN)), { [USERS]: 1 });
    assert.deepEqual(app.log(), []);
  });

  it('starts a Prometheus whose token nobody else reads, and which scrapes over IPv6', async () => {
    const [program, web] = [await prometheusProgram('prometheus'), await freePort()];
    fs.cpSync(path.join(root, 'compose'), path.join(folder, 'compose'), { recursive: true });
    const token = path.join(folder, 'metrics-auth-token');
    fs.writeFileSync(path.join(folder, 'prometheus.yml'), stringify(pointedAt(`[::1]:${ports.of(3001)}`, web, token)));
    prometheus = start(program, { METRICS_AUTH_TOKEN: TOKEN }, [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=[::1]:${web}`,
    ]);
    const counted = await value(web, `http_requests_total{${USERS},job="earntrack-backend"}`);
    assert.equal(counted, 1);
    assert.deepEqual([fs.statSync(token).mode & 0o777, fs.readFileSync(token, 'utf8')], [0o600, TOKEN]);
    if (process.platform === 'linux') assert.ok(!fs.readFileSync(`/proc/${prometheus.pid}/environ`, 'utf8').includes('METRICS_AUTH_TOKEN'));
  });

  it('says what is missing where the token is', () => {
    const { status: code, stderr } = spawnSync('/bin/sh', [path.join(FOLDER, 'start-prometheus.sh')], { env: {}, encoding: 'utf8' });
    assert.notEqual(code, 0);
    assert.match(stderr, /METRICS_AUTH_TOKEN: is not set: give this service the token of the backend/);
  });

  it('has a configuration that promtool takes as it stands', async () => {
    const given = path.join(folder, 'given');
    fs.cpSync(path.join(root, 'compose'), path.join(given, 'compose'), { recursive: true });
    fs.writeFileSync(path.join(given, 'token'), TOKEN);
    fs.writeFileSync(path.join(given, 'prometheus.yml'), read('prometheus.yml').replace('/tmp/metrics-auth-token', 'token'));
    const { code, stdout, stderr } = await promtool(['check', 'config', path.join(given, 'prometheus.yml')]);
    assert.equal(code, 0, stdout + stderr);
  });

  it('copies only files that there are into its image', () => {
    const copied = [...read('prometheus.Dockerfile').matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '));
    assert.equal(copied.length, 4);
    for (const file of copied) assert.ok(fs.existsSync(path.join(root, file)), file);
    assert.ok(fs.existsSync(path.join(root, parseEnv(read('prometheus.env'))['RAILWAY_DOCKERFILE_PATH']!)));
  });

  /** The recipe's configuration with an address in place of the name that only Railway knows, and with shorter intervals. */
  function pointedAt(backend: string, web: number, token: string): object {
    const scraped = JSON.parse(JSON.stringify(config).replaceAll('localhost:9090', `[::1]:${web}`).replaceAll('/tmp/metrics-auth-token', token));
    scraped.global = { ...scraped.global, scrape_interval: '1s', scrape_timeout: '1s' };
    for (const job of scraped.scrape_configs) {
      delete job.scrape_timeout;
      if (job.dns_sd_configs) job.static_configs = [{ targets: job.job_name === 'earntrack-backend' ? [backend] : [] }];
      delete job.dns_sd_configs;
    }
    return scraped;
  }

  /** As the container does: the script finds `prometheus` on PATH. */
  function start(program: string, env: Record<string, string>, args: readonly string[]): ChildProcess {
    const PATH = `${path.dirname(program)}${path.delimiter}${process.env['PATH']}`;
    return spawn('/bin/sh', [path.join(FOLDER, 'start-prometheus.sh'), ...args], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...env, PATH, TMPDIR: folder },
    });
  }

  async function value(web: number, query: string): Promise<number> {
    const prometheus = new PrometheusApi(`http://[::1]:${web}`);
    let found: number | undefined;
    await until(
      async () => (found = (await prometheus.query(query).catch(() => []))[0]?.value) !== undefined,
      () => `${query} stays empty`,
      PATIENCE_MS,
    );
    return found!;
  }
});
