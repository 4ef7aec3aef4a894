// One test for each environment variable, over a running program. That none is missing is the compiler's business: see `proofs`.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@earntrack/local-servers';
import type { VariableName } from '../../packages/otel-preload/src/config/variables';
import { startApp, type App, type AppOptions } from '../support/app';
import { samplesOf, scrapeUntil, seriesOf, type Samples } from '../support/exposition';
import { certificates } from '../support/certificates';
import { startOtlpReceiver, type OtlpReceiver, type Push } from '../support/otlp-receiver';
import { answers, ask, logged } from '../support/reachable';

type Environment = Readonly<Record<string, string>>;

const apps: App[] = [];
const receivers: OtlpReceiver[] = [];

async function start(env: Environment, options: AppOptions = {}): Promise<App> {
  const app = await startApp('server-environment.js', { env, ...options });
  apps.push(app);
  return app;
}

/** The program in a folder with this `.env`. */
async function startWith(dotenv: string, env: Environment = {}): Promise<App> {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'environment-'));
  fs.writeFileSync(path.join(cwd, '.env'), dotenv);
  return start(env, { cwd, flags: ['-r', require.resolve('@earntrack/otel-preload')] });
}

const servers = (): Environment => ({ DATABASE_URL: process.env['TEST_DATABASE_URL']!, REDIS_URL: process.env['TEST_REDIS_URL']! });

/** What the program's exposition holds under `env`, once its last request has been counted. */
async function samplesWith(env: Environment): Promise<Samples> {
  const { port } = await start(env);
  return scrapeUntil(port, (now) => sum(seriesOf(now, 'http_requests_total')) === 6 || seriesCount(now, 'http_requests_total') === 0);
}

const sum = (series: Readonly<Record<string, number>>): number => Object.values(series).reduce((all, each) => all + each, 0);
const seriesCount = (samples: Samples, name: string): number => Object.keys(seriesOf(samples, name)).length;

/** The values of one label of a metric. */
function values(samples: Samples, name: string, label: string): Set<string> {
  return new Set(Object.keys(seriesOf(samples, name)).map((labels) => new RegExp(`(?:^|,)${label}="([^"]*)"`).exec(labels)![1]!));
}

const boundaries = (samples: Samples, name: string): Set<string> => values(samples, `${name}_bucket`, 'le');

/** Of three values two are kept, and the third counts as other. */
async function assertCap(variable: string, name: string, label: string, env: Environment = {}): Promise<void> {
  const free = values(await samplesWith(env), name, label);
  assert.ok(!free.has('other') && free.size >= 3, `${name} has ${[...free].join(', ')}`);
  const capped = values(await samplesWith({ ...env, [variable]: '2' }), name, label);
  assert.ok(capped.has('other'));
  assert.equal(capped.size, 3);
}

const status = async (port: number, target = '/metrics', headers = {}): Promise<number> => (await ask(port, target, { headers })).status;

async function receiver(tls?: Parameters<typeof startOtlpReceiver>[0]): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver(tls);
  receivers.push(started);
  return started;
}

/** The first push of the program under `env`. */
async function pushWith(env: Environment, to?: OtlpReceiver): Promise<Push> {
  const { url, until, pushes } = to ?? (await receiver());
  await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', ...env });
  await until(() => pushes.length > 0);
  return pushes[0]!;
}

/** Says one line about a value that cannot be taken, and pushes as if it were not there. */
async function assertWrong(name: VariableName, value: string, line: RegExp): Promise<void> {
  const { url, until, pushes } = await receiver();
  const app = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_SERVICE_NAME: 'api', [name]: value });
  await until(() => pushes.length > 0);
  assert.equal(app.log().length, 1);
  assert.match(app.log()[0]!, line);
}

const AUTHORITY = 'takes the place of the public authorities';
const proveAuthority = async (name: VariableName): Promise<void> => {
  const { ca, server, serverKey } = certificates();
  const https = await receiver({ cert: fs.readFileSync(server), key: fs.readFileSync(serverKey) });
  const stranger = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: https.url, OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_SERVICE_NAME: 'api' });
  await logged(stranger, /cannot be pushed to https:.*(certificate|CERT)/);
  await pushWith({ [name]: ca }, https);
  await assertWrong(name, '/nowhere.pem', /CERTIFICATE="\/nowhere.pem" is not a readable file in PEM form: it counts as unset/);
};
const CLIENT = 'shows who pushes, together with its other half';
const proveClient = async (key: VariableName, cert: VariableName): Promise<void> => {
  const { ca, server, serverKey, client, clientKey } = certificates();
  const tls = {
    cert: fs.readFileSync(server),
    key: fs.readFileSync(serverKey),
    ca: fs.readFileSync(ca),
    requestCert: true,
    rejectUnauthorized: true,
  };
  const https = await receiver(tls);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: https.url,
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_SERVICE_NAME: 'api',
    OTEL_EXPORTER_OTLP_CERTIFICATE: ca,
  };
  await logged(await start(env), /cannot be pushed to https:/);
  assert.equal(https.pushes.length, 0);
  await pushWith({ ...env, [key]: clientKey, [cert]: client }, https);
};
/** Totals of the same series in a later push. */
const proveTemporality = async (env: Environment, expected: readonly number[]): Promise<void> => {
  const { url, until, pushes } = await receiver();
  await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', ...env });
  await until(() => pushes.some(({ samples }) => sum(seriesOf(samples, 'http_requests_total')) > 0) && pushes.length > 3);
  assert.deepEqual([...new Set(pushes.flatMap(({ metrics }) => metrics.flatMap((metric) => metric.sum?.aggregationTemporality ?? [])))], expected);
};

const proofs: Readonly<Record<VariableName, readonly [sentence: string, prove: () => Promise<void>]>> = {
  PROMETHEUS_ENABLED: [
    'switches everything on and off',
    async () => {
      const on = await start({ PROMETHEUS_ENABLED: 'yes' });
      assert.equal(await status(on.port), 200);
      const off = await start({ PROMETHEUS_ENABLED: 'off' });
      assert.equal(await status(off.port), 404);
    },
  ],
  METRICS_PORT: [
    'is where the metrics are',
    async () => {
      const port = await freePort();
      const app = await start({ METRICS_PORT: String(port) });
      await answers(port);
      assert.equal(await status(port), 200);
      assert.equal(await status(app.port), 404);
    },
  ],
  METRICS_HOST: [
    "is the only address of the preload's own server",
    async () => {
      const port = await freePort();
      await start({ METRICS_PORT: String(port), METRICS_HOST: '127.0.0.1' });
      await answers(port);
      await assert.rejects(ask(port, '/metrics', { host: '::1' }));
    },
  ],
  METRICS_PATH: [
    'is the path of the metrics',
    async () => {
      const { port } = await start({ METRICS_PATH: '/internal/metrics' });
      assert.equal(await status(port, '/internal/metrics'), 200);
      assert.equal(await status(port, '/metrics'), 404);
    },
  ],
  METRICS_AUTH_TOKEN: [
    'must be brought by a scrape',
    async () => {
      const { port } = await start({ METRICS_AUTH_TOKEN: 's3cret' });
      assert.equal(await status(port), 401);
      assert.equal(await status(port, '/metrics', { authorization: 'Bearer s3cret' }), 200);
    },
  ],
  METRICS_PUBLIC: [
    'answers public callers in production without a token',
    async () => {
      const forwarded = { 'x-forwarded-for': '8.8.8.8' };
      const closed = await start({ NODE_ENV: 'production' });
      assert.equal(await status(closed.port, '/metrics', forwarded), 403);
      const open = await start({ NODE_ENV: 'production', METRICS_PUBLIC: '1' });
      assert.equal(await status(open.port, '/metrics', forwarded), 200);
    },
  ],
  METRICS_LIVE: [
    'serves the live page beyond loopback',
    async () => {
      const forwarded = { 'x-forwarded-for': '8.8.8.8', authorization: 'Bearer s3cret' };
      const closed = await start({ METRICS_AUTH_TOKEN: 's3cret' });
      assert.equal(await status(closed.port, '/metrics/live', forwarded), 404);
      const open = await start({ METRICS_AUTH_TOKEN: 's3cret', METRICS_LIVE: 'true' });
      assert.equal(await status(open.port, '/metrics/live', forwarded), 200);
    },
  ],
  METRICS_DISABLE: [
    'leaves families out',
    async () => {
      const samples = await samplesWith({ METRICS_DISABLE: 'business, http,nodejs' });
      const names = [...samples.keys()].join('\n');
      assert.doesNotMatch(names, /^(earnings_processed|active_users|http_request|nodejs_)/m);
      assert.match(names, /^jobs_executed_total/m);
      assert.match(names, /^process_cpu_seconds_total/m);
    },
  ],
  SLOW_QUERY_MS: [
    'is the time above which a query is slow',
    async () => {
      const labels = 'query_type="select",table="none"';
      assert.equal(seriesOf(await samplesWith(servers()), 'slow_queries_total')[labels] ?? 0, 0);
      const samples = await samplesWith({ ...servers(), SLOW_QUERY_MS: '42' });
      assert.equal(seriesOf(samples, 'slow_queries_total')[labels], 1);
      assert.ok(boundaries(samples, 'database_query_duration_ms').has('42'));
    },
  ],
  METRICS_HTTP_BUCKETS_MS: [
    'are the buckets of request times',
    async () => {
      const samples = await samplesWith({ METRICS_HTTP_BUCKETS_MS: '7,70.5' });
      assert.deepEqual(boundaries(samples, 'http_request_duration_ms'), new Set(['7', '70.5', '+Inf']));
      assert.deepEqual(boundaries(samples, 'http_client_request_duration_ms'), new Set(['7', '70.5', '+Inf']));
    },
  ],
  METRICS_DATABASE_BUCKETS_MS: [
    'are the buckets of query times, with the limit of slow queries',
    async () => {
      const samples = await samplesWith({ ...servers(), METRICS_DATABASE_BUCKETS_MS: '3,300' });
      assert.deepEqual(boundaries(samples, 'database_query_duration_ms'), new Set(['3', '100', '300', '+Inf']));
    },
  ],
  METRICS_JOB_BUCKETS_MS: [
    'are the buckets of job times',
    async () => assert.deepEqual(boundaries(await samplesWith({ METRICS_JOB_BUCKETS_MS: '2,20' }), 'job_duration_ms'), new Set(['2', '20', '+Inf'])),
  ],
  METRICS_MAX_ENDPOINTS: ['caps the label endpoint', () => assertCap('METRICS_MAX_ENDPOINTS', 'http_requests_total', 'endpoint')],
  METRICS_MAX_TABLES: ['caps the label table', () => assertCap('METRICS_MAX_TABLES', 'database_query_duration_ms_count', 'table', servers())],
  METRICS_MAX_JOB_TYPES: ['caps the label job_type', () => assertCap('METRICS_MAX_JOB_TYPES', 'jobs_executed_total', 'job_type')],
  METRICS_MAX_CACHE_TYPES: ['caps the label cache_type', () => assertCap('METRICS_MAX_CACHE_TYPES', 'cache_misses_total', 'cache_type', servers())],
  METRICS_MAX_ERROR_TYPES: ['caps the label error_type', () => assertCap('METRICS_MAX_ERROR_TYPES', 'errors_total', 'error_type')],
  METRICS_MAX_LABEL_VALUES: ['caps every other label', () => assertCap('METRICS_MAX_LABEL_VALUES', 'earnings_processed_total', 'platform')],
  METRICS_MAX_SERIES: [
    "caps the series of a metric of the app's own",
    async () => {
      const visits = seriesOf(await samplesWith({ METRICS_MAX_SERIES: '2', METRICS_MAX_LABEL_VALUES: '2' }), 'visits_total');
      assert.deepEqual(visits, { 'day="1",shop="a"': 1, 'day="2",shop="a"': 1, 'day="other",shop="other"': 2 });
    },
  ],
  CACHE_TYPES: [
    'are the only cache types told apart',
    async () => {
      const samples = await samplesWith({ ...servers(), CACHE_TYPES: 'user,shop' });
      assert.deepEqual(seriesOf(samples, 'cache_misses_total'), { 'cache_type="user"': 1, 'cache_type="shop"': 1, 'cache_type="other"': 1 });
    },
  ],
  NODE_ENV: [
    'in production closes the metrics to the public',
    async () => {
      const forwarded = { 'x-forwarded-for': '8.8.8.8' };
      assert.equal(await status((await start({ NODE_ENV: 'development' })).port, '/metrics', forwarded), 200);
      assert.equal(await status((await start({ NODE_ENV: 'production' })).port, '/metrics', forwarded), 403);
    },
  ],
  PORT: [
    'is the port of the app, on which the preload opens nothing',
    async () => {
      const port = await freePort();
      const worker = await startApp('server-none.js', { env: { PORT: String(port), METRICS_PORT: String(port) }, args: ['2000'], silent: true });
      apps.push(worker);
      await worker.said('done');
      await assert.rejects(ask(port, '/metrics'));
      assert.deepEqual(worker.log(), []);
    },
  ],
  OTEL_SDK_DISABLED: ['switches everything off', async () => assert.equal(await status((await start({ OTEL_SDK_DISABLED: 'true' })).port), 404)],
  OTEL_SERVICE_NAME: [
    'names what is pushed, and adds no series to a scrape',
    async () => {
      assert.equal((await pushWith({ OTEL_SERVICE_NAME: 'api' })).resource['service.name'], 'api');
      const { port, log } = await start({ OTEL_SERVICE_NAME: 'api' });
      assert.doesNotMatch((await ask(port, '/metrics')).body, /target_info|service_name/);
      assert.deepEqual(log(), []);
    },
  ],
  OTEL_RESOURCE_ATTRIBUTES: [
    'are pushed along, checked, and add no series to a scrape',
    async () => {
      const { resource } = await pushWith({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop,service.version=1.2,deployment.environment.name=a%20b' });
      assert.deepEqual([resource['service.name'], resource['service.version'], resource['deployment.environment.name']], ['shop', '1.2', 'a b']);
      const app = await start({ OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,team' });
      await logged(app, /OTEL_RESOURCE_ATTRIBUTES=.* is not a comma list of key=value/);
      assert.doesNotMatch((await ask(app.port, '/metrics')).body, /target_info|staging/);
    },
  ],
  OTEL_METRICS_EXPORTER: [
    'none, and prometheus alone, switch pushing off',
    async () => {
      for (const exporters of ['none', 'prometheus']) {
        const { url, attempts } = await receiver();
        const app = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '50', OTEL_METRICS_EXPORTER: exporters });
        assert.doesNotMatch((await ask(app.port, '/metrics')).body, /otel_preload_pushed/);
        app.process.kill('SIGTERM');
        await app.exited;
        assert.equal(attempts(), 0);
      }
      assert.equal((await pushWith({ OTEL_METRICS_EXPORTER: 'otlp,prometheus' })).path, '/v1/metrics');
      const app = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_METRICS_EXPORTER: 'console' });
      await logged(app, /OTEL_METRICS_EXPORTER="console" is not otlp, prometheus, both with a comma, or none: it counts as unset/);
    },
  ],
  OTEL_EXPORTER_OTLP_ENDPOINT: [
    'is where metrics are pushed to, at /v1/metrics beneath its path',
    async () => {
      assert.equal((await pushWith({})).path, '/v1/metrics');
      const to = await receiver();
      assert.equal((await pushWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `${to.url}/otlp/` }, to)).path, '/otlp/v1/metrics');
      const app = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'htp://user:s3cret@collector:4318' });
      await logged(app, /OTEL_EXPORTER_OTLP_ENDPOINT="htp:\/\/…@collector:4318" is not an http or https address .*: it counts as unset/);
      const percent = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:100%@collector:4318' });
      await logged(percent, /OTEL_EXPORTER_OTLP_ENDPOINT="http:\/\/…@collector:4318" is not .*percent-encoded: it counts as unset/);
      assert.doesNotMatch(app.stderr(), /s3cret/);
    },
  ],
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: [
    'is the whole address, and wins',
    async () => {
      const to = await receiver();
      assert.equal(
        (await pushWith({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${to.url}/my/place?a=b`, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, to))
          .path,
        '/my/place?a=b',
      );
    },
  ],
  OTEL_EXPORTER_OTLP_HEADERS: [
    'go with each push, and into no log',
    async () => {
      const { headers } = await pushWith({ OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YTpi, x-scope = a=b%2Cc' });
      assert.equal(headers.authorization, 'Basic YTpi');
      assert.equal(headers['x-scope'], 'a=b,c');
      await assertWrong('OTEL_EXPORTER_OTLP_HEADERS', 's3cret', /OTEL_EXPORTER_OTLP_HEADERS=\(not shown\) is not a comma list of name=value/);
      await assertWrong('OTEL_EXPORTER_OTLP_HEADERS', 'a=b%0d%0ac', /OTEL_EXPORTER_OTLP_HEADERS=\(not shown\) is not/);
    },
  ],
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: [
    'are added, and win',
    async () => {
      const { headers } = await pushWith({ OTEL_EXPORTER_OTLP_HEADERS: 'a=general,b=general', OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'A=special' });
      assert.deepEqual([headers['a'], headers['b']], ['special', 'general']);
    },
  ],
  OTEL_EXPORTER_OTLP_PROTOCOL: [
    'is protobuf or JSON; gRPC is said not to be spoken',
    async () => {
      const to = await receiver();
      assert.equal((await pushWith({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, to)).headers['content-type'], 'application/json');
      await to.until((pushes) => pushes.at(-1)!.samples.get('jobs_executed_total{job_type="import",status="completed"}') === 1);
      await assertWrong(
        'OTEL_EXPORTER_OTLP_PROTOCOL',
        'grpc',
        /OTEL_EXPORTER_OTLP_PROTOCOL="grpc" is not http\/protobuf or http\/json \(gRPC is not spoken.*4318/,
      );
    },
  ],
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: [
    'wins',
    async () => {
      const { headers } = await pushWith({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf' });
      assert.equal(headers['content-type'], 'application/x-protobuf');
    },
  ],
  OTEL_EXPORTER_OTLP_COMPRESSION: [
    'can be gzip',
    async () => {
      assert.equal((await pushWith({})).headers['content-encoding'], undefined);
      assert.equal((await pushWith({ OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' })).headers['content-encoding'], 'gzip');
      await assertWrong('OTEL_EXPORTER_OTLP_COMPRESSION', 'brotli', /OTEL_EXPORTER_OTLP_COMPRESSION="brotli" is not gzip or none: none is used/);
    },
  ],
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: [
    'wins',
    async () => {
      const { headers } = await pushWith({ OTEL_EXPORTER_OTLP_COMPRESSION: 'none', OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip' });
      assert.equal(headers['content-encoding'], 'gzip');
    },
  ],
  OTEL_EXPORTER_OTLP_TIMEOUT: [
    'is how long an answer may take',
    async () => {
      const { url, behave } = await receiver();
      await behave('hang');
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_EXPORTER_OTLP_TIMEOUT: '321' };
      await logged(await start(env), /cannot be pushed to .*: no answer within 321 ms/);
      await assertWrong('OTEL_EXPORTER_OTLP_TIMEOUT', '10s', /OTEL_EXPORTER_OTLP_TIMEOUT="10s" is not a whole number from 1 to \d+: 10000 is used/);
    },
  ],
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: [
    'wins',
    async () => {
      const { url, behave } = await receiver();
      await behave('hang');
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '321' };
      await logged(await start(env), /cannot be pushed to .*: no answer within 321 ms/);
    },
  ],
  OTEL_EXPORTER_OTLP_CERTIFICATE: [AUTHORITY, () => proveAuthority('OTEL_EXPORTER_OTLP_CERTIFICATE')],
  OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: [AUTHORITY, () => proveAuthority('OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE')],
  OTEL_EXPORTER_OTLP_CLIENT_KEY: [CLIENT, () => proveClient('OTEL_EXPORTER_OTLP_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE')],
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: [
    CLIENT,
    () => proveClient('OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
  ],
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY: [
    CLIENT,
    () => proveClient('OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE'),
  ],
  OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE: [
    CLIENT,
    () => proveClient('OTEL_EXPORTER_OTLP_CLIENT_KEY', 'OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE'),
  ],
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: [
    'is totals or deltas',
    async () => {
      await proveTemporality({}, [2]);
      await proveTemporality({ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta' }, [1]);
      await assertWrong(
        'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
        'lowmemory',
        /="lowmemory" is not cumulative or delta: it counts as unset/,
      );
    },
  ],
  OTEL_METRIC_EXPORT_INTERVAL: [
    'is the time between pushes',
    async () => {
      const { url, until, pushes } = await receiver();
      const seldom = await receiver();
      await start({ OTEL_EXPORTER_OTLP_ENDPOINT: seldom.url });
      await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '50' });
      await until(() => pushes.length > 20);
      assert.equal(seldom.pushes.length, 0, 'a minute has not passed');
    },
  ],
  OTEL_METRIC_EXPORT_TIMEOUT: [
    'is how long a push is tried again',
    async () => {
      const [short, long] = [await receiver(), await receiver()];
      await Promise.all([short, long].map((each) => each.behave({ status: 503 })));
      const env = { OTEL_METRIC_EXPORT_INTERVAL: '300' };
      await start({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: short.url, OTEL_METRIC_EXPORT_TIMEOUT: '1' });
      // Longer than the interval there is none: without further attempts, too, each interval has one.
      await start({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: long.url, OTEL_METRIC_EXPORT_INTERVAL: '3000' });
      await long.until(() => long.attempts() >= 2 && short.attempts() >= 2);
      await assertWrong('OTEL_METRIC_EXPORT_TIMEOUT', '-1', /OTEL_METRIC_EXPORT_TIMEOUT="-1" is not a whole number from 1 to \d+: 30000 is used/);
    },
  ],
  VERCEL: ['is a serverless platform, which pushes deltas', () => proveTemporality({ VERCEL: '1' }, [1])],
  AWS_LAMBDA_FUNCTION_NAME: [
    'is a serverless platform, which pushes deltas unless it is told otherwise',
    async () => {
      await proveTemporality({ AWS_LAMBDA_FUNCTION_NAME: 'f' }, [1]);
      await proveTemporality({ AWS_LAMBDA_FUNCTION_NAME: 'f', OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'cumulative' }, [2]);
    },
  ],
  OTEL_EXPORTER_PROMETHEUS_PORT: [
    'stands in for METRICS_PORT',
    async () => {
      const port = await freePort();
      await start({ OTEL_EXPORTER_PROMETHEUS_PORT: String(port) });
      await answers(port);
      assert.equal(await status(port), 200);
    },
  ],
  OTEL_EXPORTER_PROMETHEUS_HOST: [
    'stands in for METRICS_HOST',
    async () => {
      const port = await freePort();
      await start({ METRICS_PORT: String(port), OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1' });
      await answers(port);
      await assert.rejects(ask(port, '/metrics', { host: '::1' }));
    },
  ],
};

describe('the environment', () => {
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await Promise.all(receivers.splice(0).map((each) => each.stop()));
  });

  for (const [name, [sentence, prove]] of Object.entries(proofs)) it(`${name} ${sentence}`, prove);

  describe('.env', () => {
    it('configures the preload, which leaves process.env to the app', async () => {
      const port = await freePort();
      const app = await startWith(`METRICS_PORT=${port}  # Same as API port\nMETRICS_PATH=/file\nPORT=${port}\n`);
      assert.notEqual(app.port, port, 'PORT of the file is not in the environment of the app');
      assert.equal(await status(app.port, '/file'), 404, 'METRICS_PORT is not the port of this app');
    });
    it('gives way to the environment', async () => {
      const { port } = await startWith('METRICS_PATH=/file\nMETRICS_AUTH_TOKEN=t\n', { METRICS_PATH: '/real' });
      assert.equal(await status(port, '/real'), 401);
      assert.equal(await status(port, '/file'), 404);
    });
    it('sets the token also where that sets it to nothing', async () => {
      const app = await startWith('METRICS_AUTH_TOKEN=t\n', { METRICS_AUTH_TOKEN: '' });
      assert.equal(await status(app.port), 401);
      assert.deepEqual(app.log(), []);
    });
    it('can switch the preload on by itself, and only if it says so', async () => {
      // startApp sets it for every program.
      const unset = { PROMETHEUS_ENABLED: undefined } as unknown as Environment;
      assert.equal(await status((await startWith('PROMETHEUS_ENABLED=true\n', unset)).port), 200);
      assert.equal(await status((await startWith('METRICS_PATH=/metrics\n', unset)).port), 404);
    });
  });

  it('wrong values are one line each, the defaults are used, and the app goes on', async () => {
    const app = await start({
      METRICS_PORT: 'tcp://10.0.0.1:9090',
      METRICS_PATH: 'metrics',
      SLOW_QUERY_MS: 'slow',
      METRICS_DISABLE: 'nodjs',
      METRICS_TOKEN: 's3cret',
    });
    assert.equal(await status(app.port), 200);
    assert.deepEqual(
      new Set(app.log().map((line) => /^\[otel-preload\] (\w+)/.exec(line)?.[1])),
      new Set(['METRICS_DISABLE', 'METRICS_PATH', 'METRICS_PORT', 'METRICS_TOKEN', 'SLOW_QUERY_MS']),
    );
    assert.equal(app.log().length, 5);
    assert.doesNotMatch(app.stderr(), /s3cret/);
    assert.equal(seriesOf(samplesOf((await ask(app.port, '/metrics')).body), 'jobs_executed_total')['job_type="import",status="completed"'], 1);
  });
});
