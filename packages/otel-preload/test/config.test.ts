import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readConfig, type Config, type Environment } from '../src/config';
import { variables, type Variable } from '../src/config/variables';

const nowhere = fs.mkdtempSync(path.join(os.tmpdir(), 'config-'));
const lines: string[] = [];

/** The config of an app that is switched on, and in `lines` what was said. */
function read(environment: Environment, dotenv?: string | Buffer): Config {
  const config = readIn(environment, dotenv);
  assert.ok(config.enabled, 'switched on');
  return config;
}

function readIn(environment: Environment, dotenv?: string | Buffer): ReturnType<typeof readConfig> {
  lines.length = 0;
  const folder = fs.mkdtempSync(path.join(nowhere, 'app-'));
  if (dotenv !== undefined) fs.writeFileSync(path.join(folder, '.env'), dotenv);
  return readConfig(environment, folder, (_cause, line) => lines.push(line));
}

const ON = { PROMETHEUS_ENABLED: 'true' };

describe('The configuration', () => {
  after(() => fs.rmSync(nowhere, { recursive: true }));

  describe('PROMETHEUS_ENABLED', () => {
    for (const text of ['true', 'TRUE', '1', 'yes', 'On', ' true ']) {
      it(`is on for ${JSON.stringify(text)}`, () => assert.ok(readIn({ PROMETHEUS_ENABLED: text }).enabled));
    }
    for (const text of ['false', 'False', '0', 'no', 'OFF', '', ' ', undefined]) {
      it(`is off for ${JSON.stringify(text)}, without a word`, () => {
        assert.equal(readIn({ PROMETHEUS_ENABLED: text }).enabled, false);
        assert.deepEqual(lines, []);
      });
    }
    it('stays off for anything else, and says so', () => {
      assert.equal(readIn({ PROMETHEUS_ENABLED: 'enable' }).enabled, false);
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, /PROMETHEUS_ENABLED="enable" is not true or false.*stays off/);
    });
    it('loads nothing but what decides, when it is off', () => {
      const file = require.resolve('../src/config');
      const program = `require(${JSON.stringify(file)}).readConfig({}); console.log(Object.keys(require.cache).length)`;
      fs.writeFileSync(path.join(nowhere, '.env'), 'PORT=3001\n');
      const loaded = Number(execFileSync(process.execPath, ['-e', program], { cwd: nowhere, encoding: 'utf8' }));
      assert.equal(loaded, 5, 'config, dotenv-file, pm2-worker, parsers, log');
    });
  });

  describe('defaults', () => {
    it('are those of the documentation', () => {
      assert.deepEqual(read(ON), {
        enabled: true,
        port: undefined,
        portOfExporter: false,
        appPort: undefined,
        host: undefined,
        path: '/metrics',
        token: undefined,
        answerPublic: false,
        live: false,
        production: false,
        disabled: new Set(),
        slowQueryMs: 100,
        boundaries: { database_query_duration_ms: [1, 5, 10, 50, 100, 500, 1000, 5000, 10000] },
        labelCaps: { endpoint: 200, table: 100, job_type: 100, cache_type: 50, error_type: 50, rest: 100 },
        seriesCap: 2000,
        cacheTypes: undefined,
        resource: {},
        push: undefined,
      });
      assert.deepEqual(lines, []);
    });
    it('are themselves acceptable values', () => {
      for (const [name, { default: standard, parser }] of Object.entries<Variable<unknown>>(variables)) {
        if (standard !== '') assert.notEqual(parser.parse(standard), undefined, name);
      }
    });
    for (const nothing of ['', ' \t\n', '""', "''"]) {
      it(`hold for variables that are set to nothing, as compose files do (${JSON.stringify(nothing)})`, () => {
        const { METRICS_AUTH_TOKEN: _, ...names } = variables;
        const empty = Object.fromEntries(Object.keys(names).map((name) => [name, nothing]));
        assert.deepEqual(read({ ...empty, ...ON }), read(ON));
        assert.deepEqual(lines, []);
      });
    }
    it('cannot be changed by those who read them', () => {
      const config = read(ON);
      assert.ok(Object.isFrozen(config) && Object.isFrozen(config.labelCaps) && Object.isFrozen(config.resource));
    });
  });

  describe('a wrong value', () => {
    const wrong: readonly (readonly [name: string, value: string, read: (config: Config) => unknown, used: unknown])[] = [
      ['METRICS_PORT', 'tcp://10.3.2.1:9090', (c) => c.port, undefined],
      ['METRICS_PORT', '65536', (c) => c.port, undefined],
      ['METRICS_PORT', '0', (c) => c.port, undefined],
      ['METRICS_PORT', '3001  # Same as API port', (c) => c.port, undefined],
      ['METRICS_HOST', 'http://localhost', (c) => c.host, undefined],
      ['METRICS_PATH', 'metrics', (c) => c.path, '/metrics'],
      ['METRICS_PATH', '/metrics?x=1', (c) => c.path, '/metrics'],
      ['METRICS_PUBLIC', 'maybe', (c) => c.answerPublic, false],
      ['METRICS_LIVE', 'maybe', (c) => c.live, false],
      ['SLOW_QUERY_MS', '-1', (c) => c.slowQueryMs, 100],
      ['SLOW_QUERY_MS', '0', (c) => c.slowQueryMs, 100],
      ['SLOW_QUERY_MS', '1e999', (c) => c.slowQueryMs, 100],
      ['METRICS_HTTP_BUCKETS_MS', '10,5', (c) => c.boundaries.http_request_duration_ms, undefined],
      ['METRICS_HTTP_BUCKETS_MS', '5,5', (c) => c.boundaries.http_request_duration_ms, undefined],
      ['METRICS_JOB_BUCKETS_MS', '0,5', (c) => c.boundaries.job_duration_ms, undefined],
      ['METRICS_JOB_BUCKETS_MS', '5,ten', (c) => c.boundaries.job_duration_ms, undefined],
      ['METRICS_DATABASE_BUCKETS_MS', '5;10', (c) => c.boundaries.database_query_duration_ms?.length, 9],
      ['METRICS_MAX_ENDPOINTS', '0', (c) => c.labelCaps.endpoint, 200],
      ['METRICS_MAX_TABLES', '1.5', (c) => c.labelCaps.table, 100],
      ['METRICS_MAX_LABEL_VALUES', '99999999', (c) => c.labelCaps.rest, 100],
      ['METRICS_MAX_SERIES', '-1', (c) => c.seriesCap, 2000],
      ['OTEL_RESOURCE_ATTRIBUTES', 'a=1,b', (c) => c.resource, {}],
      ['OTEL_RESOURCE_ATTRIBUTES', 'a=%', (c) => c.resource, {}],
      ['OTEL_SDK_DISABLED', '1', (c) => c.enabled, true],
    ];
    for (const [name, value, readValue, used] of wrong) {
      it(`${name}=${value} is one line that names both, and the default is used`, () => {
        const config = read({ ...ON, [name]: value });
        assert.deepEqual(readValue(config), used);
        assert.equal(lines.length, 1);
        assert.ok(lines[0]!.startsWith(`${name}=${JSON.stringify(value)} is not `), lines[0]);
      });
    }
    it('is shown in part if it is long', () => {
      read({ ...ON, METRICS_PORT: 'x'.repeat(5000) });
      assert.ok(lines[0]!.length < 250, lines[0]);
    });
    it('is shown without what may be secret in an address', () => {
      for (const address of [
        'https://user:s3cret@host:99999',
        'user:s3cret@host:4318',
        'host:4318/v1/metrics?api-key=s3cret',
        'http://u:p@s3cret@',
      ]) {
        assert.equal(read({ ...ON, OTEL_EXPORTER_OTLP_ENDPOINT: address }).push, undefined);
        assert.equal(lines.length, 1);
        assert.doesNotMatch(lines[0]!, /s3cret/);
      }
    });
    it('in a list of names leaves the others in force, so that what was to be hidden stays hidden', () => {
      assert.deepEqual(read({ ...ON, METRICS_DISABLE: 'business,nodjs' }).disabled, new Set(['business']));
      assert.match(lines.join('\n'), /^METRICS_DISABLE: "nodjs" is not one of the families .*nodejs.*: it is left out$/);
      assert.deepEqual(read({ ...ON, CACHE_TYPES: 'user, 42' }).cacheTypes, new Set(['user']));
      assert.match(lines.join('\n'), /^CACHE_TYPES: "42" is not a name/);
    });
  });

  describe('a misspelt variable', () => {
    it('is named with the nearest one, and without its value', () => {
      read({ ...ON, METRICS_TOKEN: 'hunter2', METRICS_PATHS: '/x' });
      assert.equal(lines.length, 2);
      assert.match(lines[0]!, /^METRICS_TOKEN is not a variable.*METRICS_AUTH_TOKEN$/);
      assert.match(lines[1]!, /^METRICS_PATHS .*METRICS_PATH$/);
      assert.doesNotMatch(lines.join('\n'), /hunter2/);
    });
    for (const name of ['METRIC_AUTH_TOKEN', 'metrics_auth_token', 'METRICS_AUTH_TOKEN_FILE', 'METRICS_AUTHTOKEN', 'METRICS_BEARER_TOKEN']) {
      it(`is named that was meant for the token (${name})`, () => {
        read({ ...ON, [name]: 'hunter2' });
        assert.equal(lines.length, 1);
        assert.match(lines[0]!, new RegExp(`^${name} is not a variable.*METRICS_AUTH_TOKEN$`));
      });
    }
    it('in .env is named too', () => {
      read(ON, 'METRICS_SLOW_QUERY_MS=5');
      assert.match(lines.join('\n'), /METRICS_SLOW_QUERY_MS .* nearest is SLOW_QUERY_MS$/);
    });
    it('is not seen in what Kubernetes sets for a Service called metrics', () => {
      read({ ...ON, METRICS_SERVICE_HOST: '10.0.0.1', METRICS_SERVICE_PORT: '9090', METRICS_PORT_9090_TCP_ADDR: '10.0.0.1' });
      assert.deepEqual(lines, []);
    });
  });

  describe('.env in the working directory', () => {
    it('switches the preload on, and sets what the environment does not', () => {
      const config = read({ METRICS_PATH: '/real' }, 'PROMETHEUS_ENABLED=true\nMETRICS_PORT=3001  # Same as API port\nMETRICS_PATH=/file\n');
      assert.equal(config.port, 3001);
      assert.equal(config.path, '/real');
      assert.deepEqual(lines, []);
    });
    it('is overruled by the environment', () => {
      assert.equal(readIn({ PROMETHEUS_ENABLED: 'false' }, 'PROMETHEUS_ENABLED=true').enabled, false);
      assert.equal(read({ ...ON, METRICS_AUTH_TOKEN: 'real' }, 'METRICS_AUTH_TOKEN=file').token, 'real');
    });
    for (const nothing of ['', '  ', '\n', '""']) {
      it(`decides on every variable that the environment sets to nothing (${JSON.stringify(nothing)})`, () => {
        const file = 'PROMETHEUS_ENABLED=true\nMETRICS_AUTH_TOKEN=file\nNODE_ENV=production\nMETRICS_PORT=3001\nOTEL_SERVICE_NAME=api\n';
        const empty = Object.fromEntries(Object.keys(variables).map((name) => [name, nothing]));
        assert.deepEqual(read(empty, file), read({}, file));
        assert.equal(read(empty, file).token, 'file');
        assert.deepEqual(lines, []);
      });
    }
    it('is read for every documented variable', () => {
      const config = read({}, 'PROMETHEUS_ENABLED=1\nNODE_ENV=production\nPORT=8080\nOTEL_SERVICE_NAME=api\nCACHE_TYPES=user,session\n');
      assert.ok(config.production);
      assert.equal(config.appPort, 8080);
      assert.deepEqual(config.resource, { 'service.name': 'api' });
      assert.deepEqual(config.cacheTypes, new Set(['user', 'session']));
    });
    it('changes nothing in the environment itself', () => {
      const before = { ...process.env };
      const folder = fs.mkdtempSync(path.join(nowhere, 'app-'));
      fs.writeFileSync(path.join(folder, '.env'), 'PROMETHEUS_ENABLED=true\nMETRICS_PORT=3001\n');
      assert.ok(readConfig(process.env, folder, () => {}).enabled);
      assert.deepEqual({ ...process.env }, before);
    });
    it('is not a file: a folder of that name, as Python makes, is passed over', () => {
      const folder = fs.mkdtempSync(path.join(nowhere, 'app-'));
      fs.mkdirSync(path.join(folder, '.env'));
      lines.length = 0;
      assert.ok(readConfig(ON, folder, (_cause, line) => lines.push(line)).enabled);
      assert.deepEqual(lines, []);
    });
    it('is a pipe: it is not read in the stead of the app', () => {
      const folder = fs.mkdtempSync(path.join(nowhere, 'app-'));
      execFileSync('mkfifo', [path.join(folder, '.env')]);
      lines.length = 0;
      const say = (_cause: string, line: string): number => lines.push(line);
      assert.equal(readConfig({}, folder, say).enabled, false);
      assert.deepEqual(lines, []);
      assert.ok(readConfig(ON, folder, say).enabled);
      assert.match(lines.join('\n'), /^\.env is a pipe .* only the real environment counts$/);
    });
  });

  describe('METRICS_AUTH_TOKEN', () => {
    const TOKENS: readonly (readonly [how: string, file: string | Buffer, token: string])[] = [
      ['bare', 'METRICS_AUTH_TOKEN=s3cret', 's3cret'],
      ['exported, with spaces around', ' export METRICS_AUTH_TOKEN = s3cret  ', 's3cret'],
      ['in quotes', 'METRICS_AUTH_TOKEN="s3cret"', 's3cret'],
      ['in quotes, with a #', "METRICS_AUTH_TOKEN='s3#cret' # ours", 's3#cret'],
      ['before a comment', 'METRICS_AUTH_TOKEN=s3cret # ours', 's3cret'],
      ['after the mark of UTF-8', '\uFEFFMETRICS_AUTH_TOKEN=s3cret\n', 's3cret'],
      ['in lines that end as in Windows', 'A=1\r\nMETRICS_AUTH_TOKEN=s3cret\r\nB=2\r\n', 's3cret'],
      ['twice: the later one', 'METRICS_AUTH_TOKEN=first\nMETRICS_AUTH_TOKEN=s3cret', 's3cret'],
      ['in UTF-16, as PowerShell writes it', Buffer.from('\uFEFFMETRICS_AUTH_TOKEN=s3cret\r\n', 'utf16le'), 's3cret'],
    ];
    for (const [how, file, token] of TOKENS) {
      it(`is read from .env ${how}, without a word, whatever blank the environment has`, () => {
        for (const environment of [ON, { ...ON, METRICS_AUTH_TOKEN: '' }]) assert.equal(read(environment, file).token, token);
        assert.deepEqual(lines, []);
      });
    }
    const BLANKS: readonly (readonly [how: string, environment: Environment, file?: string])[] = [
      ['empty in the environment', { METRICS_AUTH_TOKEN: '' }],
      ['blank in the environment', { METRICS_AUTH_TOKEN: ' \r\n' }],
      ['a pair of quotes in the environment', { METRICS_AUTH_TOKEN: '""' }],
      ['empty in .env', {}, 'METRICS_AUTH_TOKEN='],
      ['empty in both', { METRICS_AUTH_TOKEN: '' }, 'METRICS_AUTH_TOKEN=""'],
      ['blank in quotes in .env', {}, 'METRICS_AUTH_TOKEN="  "'],
      ['a comment in .env', {}, 'METRICS_AUTH_TOKEN=#s3cret'],
      ['there once more in .env, and blank', {}, 'METRICS_AUTH_TOKEN=s3cret\nMETRICS_AUTH_TOKEN=\n'],
      ['set in .env as a shell of Windows would', {}, 'set METRICS_AUTH_TOKEN=s3cret'],
      ['swallowed in .env by a quote that was left open', {}, "A='1\nMETRICS_AUTH_TOKEN=s3cret\nB=2'\n"],
    ];
    for (const [how, environment, file] of BLANKS) {
      it(`is not there, and one line says so, if it is ${how}`, () => {
        assert.equal(read({ ...ON, ...environment }, file).token, undefined);
        assert.equal(lines.length, 1, lines.join('\n'));
        assert.match(lines[0]!, /^METRICS_AUTH_TOKEN is there, but blank, so that no token is asked for: /);
        assert.doesNotMatch(lines[0]!, /s3cret/);
      });
    }
    it('is not missed where nobody speaks of it', () => {
      assert.equal(read(ON, '# METRICS_AUTH_TOKEN=s3cret\nA=1 # METRICS_AUTH_TOKEN=\n').token, undefined);
      assert.deepEqual(lines, []);
    });
    it('ends in .env before a # outside of quotes, and one line says so', () => {
      assert.equal(read(ON, 'METRICS_AUTH_TOKEN=s3#cret').token, 's3');
      assert.deepEqual(lines, [`METRICS_AUTH_TOKEN in .env ends before its #, which begins a comment: put it in quotes if the # is part of it`]);
    });
  });

  describe('values', () => {
    it('METRICS_HTTP_BUCKETS_MS holds for requests in both directions', () => {
      const { boundaries } = read({ ...ON, METRICS_HTTP_BUCKETS_MS: ' 1, 2.5 ,1000 ' });
      assert.deepEqual(boundaries.http_request_duration_ms, [1, 2.5, 1000]);
      assert.deepEqual(boundaries.http_client_request_duration_ms, [1, 2.5, 1000]);
    });
    it('METRICS_JOB_BUCKETS_MS', () => {
      assert.deepEqual(read({ ...ON, METRICS_JOB_BUCKETS_MS: '10,20' }).boundaries.job_duration_ms, [10, 20]);
    });
    it('SLOW_QUERY_MS becomes a boundary of the query times, of the default ones and of those that are set', () => {
      assert.deepEqual(read({ ...ON, SLOW_QUERY_MS: '250' }).boundaries.database_query_duration_ms, [1, 5, 10, 50, 100, 250, 500, 1000, 5000, 10000]);
      const own = read({ ...ON, METRICS_DATABASE_BUCKETS_MS: '2,200' });
      assert.deepEqual(own.boundaries.database_query_duration_ms, [2, 100, 200]);
      assert.equal(own.slowQueryMs, 100);
    });
    it('METRICS_AUTH_TOKEN is taken as it is, but for the line end of the file that it came from', () => {
      assert.equal(read({ ...ON, METRICS_AUTH_TOKEN: 's3 cr€t\n' }).token, 's3 cr€t');
    });
    it('NODE_ENV is production in any case of letters', () => {
      assert.ok(read({ ...ON, NODE_ENV: 'Production' }).production);
      assert.equal(read({ ...ON, NODE_ENV: 'development' }).production, false);
    });
    it('PORT may be a pipe, which is no mistake', () => {
      assert.equal(read({ ...ON, PORT: String.raw`\\.\pipe\1234` }).appPort, undefined);
      assert.deepEqual(lines, []);
    });
    for (const host of ['0.0.0.0', '::', '::1', 'fe80::1%eth0', '127.0.0.1', 'metrics.internal']) {
      it(`METRICS_HOST may be ${host}`, () => assert.equal(read({ ...ON, METRICS_HOST: host }).host, host));
    }
    it('OTEL_SDK_DISABLED=true switches everything off', () => {
      assert.equal(readIn({ ...ON, OTEL_SDK_DISABLED: 'TRUE' }).enabled, false);
      assert.equal(readIn({}, 'PROMETHEUS_ENABLED=true\nOTEL_SDK_DISABLED=true').enabled, false);
    });
    it('OTEL_SERVICE_NAME goes before the service.name among OTEL_RESOURCE_ATTRIBUTES', () => {
      const { resource } = read({ ...ON, OTEL_SERVICE_NAME: 'api', OTEL_RESOURCE_ATTRIBUTES: 'service.name=x,deployment.environment.name=a%20b' });
      assert.deepEqual(resource, { 'service.name': 'api', 'deployment.environment.name': 'a b' });
    });
    it('OTEL_EXPORTER_PROMETHEUS_PORT and _HOST stand in for METRICS_PORT and METRICS_HOST', () => {
      const standard = { ...ON, OTEL_EXPORTER_PROMETHEUS_PORT: '9464', OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1' };
      assert.equal(read(standard).port, 9464);
      assert.equal(read(standard).portOfExporter, true);
      assert.equal(read(standard).host, '127.0.0.1');
      assert.equal(read({ ...standard, METRICS_PORT: '3001', METRICS_HOST: '::1' }).port, 3001);
      assert.equal(read({ ...standard, METRICS_PORT: '3001' }).portOfExporter, false);
      assert.equal(read({ ...standard, METRICS_PORT: '3001', METRICS_HOST: '::1' }).host, '::1');
    });
  });

  it('every variable says in a sentence what it is for', () => {
    for (const [name, { meaning }] of Object.entries<Variable<unknown>>(variables)) assert.match(meaning, /^(?:[A-Z`]|[a-z]+_[a-z_]+ ).*\.$/, name);
  });
});
