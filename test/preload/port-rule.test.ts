// Where the metrics are to be found: the port rule, seen from outside.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@earntrack/local-servers';
import { fixtures, startApp, type App, type AppOptions } from '../support/app';
import { scrape, scrapeUntil, seriesOf } from '../support/exposition';
import { answers, ask, logged, text } from '../support/reachable';

const apps: App[] = [];

async function start(name: string, options: AppOptions = {}): Promise<App> {
  const app = await startApp(name, options);
  apps.push(app);
  return app;
}

/** A program with a server for each of `listens`. */
function startServers(listens: readonly object[], env: Readonly<Record<string, string>>): Promise<App> {
  return start('server-on-command.js', { args: listens.map((options) => JSON.stringify(options)), env });
}

async function textOf(request: http.ClientRequest): Promise<string> {
  const [response]: http.IncomingMessage[] = await once(request, 'response');
  return Buffer.concat(await response!.toArray()).toString();
}

async function textOverHttp2(origin: string, target: string, options: object): Promise<string> {
  const session = http2.connect(origin, options);
  try {
    return Buffer.concat(await session.request({ ':path': target }).toArray()).toString();
  } finally {
    session.close();
  }
}

describe('the port rule', () => {
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
  });

  it('METRICS_PORT unset: the metrics are on the first server that the app opens', async () => {
    const app = await startServers([{ port: 0 }], {});
    await scrape(app.port);
    assert.equal(await text(app.port, '/'), 'the app');
  });

  it('METRICS_PORT is PORT: they are on it, and the scrapes are not counted', async () => {
    const port = await freePort();
    const app = await startServers([{ port }], { PORT: String(port), METRICS_PORT: String(port) });
    await text(port, '/');
    await scrape(port);
    const samples = await scrapeUntil(port, (now) => Object.keys(seriesOf(now, 'http_requests_total')).length > 0);
    assert.deepEqual(seriesOf(samples, 'http_requests_total'), { 'endpoint="unmatched",method="GET",status="200"': 1 });
    assert.deepEqual(app.log(), []);
  });

  it("METRICS_PORT beside the platform's PORT: they are on METRICS_PORT, and PORT is the app's alone", async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const app = await startServers([{ port }], { PORT: String(port), METRICS_PORT: String(metricsPort) });
    await answers(metricsPort);
    await text(port, '/');
    assert.equal(await text(port, '/metrics'), 'the app');
    const samples = await scrapeUntil(metricsPort, (now) => Object.keys(seriesOf(now, 'http_requests_total')).length === 2);
    assert.deepEqual(seriesOf(samples, 'http_requests_total'), {
      'endpoint="unmatched",method="GET",status="200"': 1,
      'endpoint="unmatched",method="GET",status="404"': 1,
    });
    assert.deepEqual(app.log(), []);
  });

  it('an app that listens on METRICS_PORT and elsewhere has them on METRICS_PORT alone', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    await startServers([{ port }, { port: metricsPort }], { METRICS_PORT: String(metricsPort) });
    await answers(metricsPort);
    assert.equal(await text(metricsPort, '/'), 'the app');
    assert.equal(await text(port, '/metrics'), 'the app');
  });

  it('an app on a Unix socket has them on METRICS_PORT', async () => {
    const metricsPort = await freePort();
    const socket = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'port-rule-')), 'app.sock');
    await startServers([{ path: socket }], { METRICS_PORT: String(metricsPort) });
    await scrape(await answers(metricsPort));
  });

  it('an app that binds METRICS_PORT for IPv6 alone has them there, and no other server is opened for IPv4', async () => {
    const metricsPort = await freePort();
    await startServers([{ port: metricsPort, host: '::1', ipv6Only: true }], { METRICS_PORT: String(metricsPort) });
    const response = await fetch(`http://[::1]:${metricsPort}/metrics`);
    assert.equal(response.status, 200);
    // By then the grace is over.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await assert.rejects(text(metricsPort, '/'));
  });

  it('an app that closes its server on METRICS_PORT is on its way out: nothing takes its place', async () => {
    const metricsPort = await freePort();
    const app = await start('server-on-command.js', {
      args: [JSON.stringify({ port: metricsPort }), 'later', '{"close":0}'],
      env: { METRICS_PORT: String(metricsPort) },
    });
    await scrape(metricsPort);
    app.process.kill('SIGUSR2');
    await app.said('closed');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await assert.rejects(text(metricsPort, '/'));
  });

  it('PORT is METRICS_PORT, but the app listens elsewhere: no port is opened, and one line says why', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const app = await startServers([{ port }], { PORT: String(metricsPort), METRICS_PORT: String(metricsPort) });
    await logged(app, /METRICS_PORT=\d+ is not among the ports that the app listens on, and it is PORT/);
    await assert.rejects(text(metricsPort, '/'));
    assert.equal(app.log().length, 1);
  });

  describe('on every kind of server the metrics come before the app, which sees all the rest', () => {
    const trusting = {
      ciphers: 'TLS_AES_128_GCM_SHA256',
      pskCallback: () => ({ identity: 'test', psk: Buffer.alloc(32, 1) }),
      checkServerIdentity: () => undefined,
    };
    const socketPath = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'port-rule-')), 'app.sock');
    const kinds: readonly (readonly [name: string, args: readonly string[], get: (port: number, target: string) => Promise<string>])[] = [
      ['http', ['http'], text],
      ['https', ['https'], (port, target) => textOf(https.get({ ...trusting, host: '127.0.0.1', port, path: target, agent: false }))],
      ['h2c', ['h2c'], (port, target) => textOverHttp2(`http://127.0.0.1:${port}`, target, {})],
      ['h2', ['h2'], (port, target) => textOverHttp2(`https://127.0.0.1:${port}`, target, trusting)],
      ['HTTP/1.1 on an h2 server', ['h2'], (port, target) => textOf(https.get({ ...trusting, host: '127.0.0.1', port, path: target, agent: false }))],
      ['a Unix socket', ['socket', socketPath], (_port, target) => textOf(http.get({ socketPath, path: target, agent: false }))],
    ];
    for (const [name, args, get] of kinds) {
      it(name, async () => {
        const { port } = await start('server-kinds.js', { args, env: { NODE_ENV: 'production' } });
        assert.match(await get(port, '/metrics'), /^# HELP /);
        assert.equal(await get(port, '/'), 'the app');
      });
    }
  });

  describe('a route of the app at METRICS_PATH', () => {
    for (const framework of ['express', 'express-mounted', 'fastify', 'koa']) {
      it(`answers as without the preload, and one line names the remedy: ${framework}`, async () => {
        const app = await start('server-own-route.js', { args: [framework] });
        assert.equal((await ask(app.port, '/metrics')).status, 401);
        assert.equal((await ask(app.port, '/metrics', { headers: { authorization: 'x' } })).body, 'of the app');
        assert.equal(app.log().length, 1);
        assert.match(app.log()[0]!, /route of its own at \/metrics.*set METRICS_PATH/);
      });
      it(`wins at the live page's path, too: ${framework}`, async () => {
        const app = await start('server-own-route.js', { args: [framework] });
        assert.equal(await text(app.port, '/metrics/live'), 'live of the app');
        await logged(app, /route of its own at \/metrics\/live/);
      });
      it(`leaves the metrics to another METRICS_PATH: ${framework}`, async () => {
        const app = await start('server-own-route.js', { args: [framework], env: { METRICS_PATH: '/otel' } });
        assert.match(await text(app.port, '/otel'), /^# HELP /);
        assert.equal(await text(app.port, '/metrics'), 'of the app');
        assert.deepEqual(app.log(), []);
      });
    }
  });

  describe('metrics of the app at METRICS_PATH', () => {
    for (const way of ['http', 'http-chunks', 'openmetrics', 'middleware', 'wrapped', 'regex', 'koa']) {
      it(`are served with what they lack of ours, and one line names what was left out: ${way}`, async () => {
        const app = await start('server-own-metrics.js', { args: [way] });
        const answer = await fetch(`http://127.0.0.1:${app.port}/metrics`);
        const [body, { headers }] = [await answer.text(), answer];
        assert.equal(answer.status, 200);
        assert.equal(headers.get('content-encoding'), 'gzip');
        assert.equal(headers.get('x-own'), '1');
        assert.match(body, /^orders_total\{kind="a b"\} 7$/m);
        assert.equal(body.match(/^process_start_time_seconds .*/gm)?.join(), 'process_start_time_seconds 1');
        assert.match(body, /^nodejs_version_info\{/m);
        assert.doesNotMatch(body, /^http_requests_total/m, 'a scrape is not counted');
        assert.equal(body.match(/^# EOF$/gm)?.length, way === 'openmetrics' ? 1 : undefined);
        assert.equal(app.log().length, 1);
        assert.match(app.log()[0]!, /left out of these: process_start_time_seconds; set METRICS_PATH/);
      });
    }
    it('keep their authorization', async () => {
      const app = await start('server-own-metrics.js', { args: ['locked'] });
      assert.equal((await ask(app.port, '/metrics')).body, 'of the app');
      assert.match((await ask(app.port, '/metrics', { headers: { authorization: 'x' } })).body, /^orders_total[^]*^nodejs_version_info/m);
    });
    it('stand alone before whoever brings no METRICS_AUTH_TOKEN, said once', async () => {
      const app = await start('server-own-metrics.js', { args: ['http'], env: { METRICS_AUTH_TOKEN: 't' } });
      assert.match((await ask(app.port, '/metrics')).body, /orders_total[^]*seconds 1\n$/);
      await logged(app, /left to it: set METRICS_PATH/);
    });
    it('may be a page', async () => {
      const app = await start('server-own-metrics.js', { args: ['own-page'] });
      assert.equal((await ask(app.port, '/metrics')).body, 'of the app');
      await logged(app, /left to it: set METRICS_PATH/);
    });
    for (const way of ['skipped', 'page', 'parameter', 'catch-all', 'page-for-all']) {
      it(`are not what answers whatever is asked: ${way}`, async () => {
        const app = await start('server-own-metrics.js', { args: [way] });
        const { status, body, headers } = await ask(app.port, '/metrics');
        assert.equal(status, 200);
        assert.match(body, /^# HELP /);
        assert.equal(headers['x-own'] ?? headers['x-powered-by'], undefined);
        assert.deepEqual(app.log(), []);
      });
    }
  });

  describe('in a cluster', () => {
    it('whose workers listen on METRICS_PORT at once, they have it', async () => {
      const port = await freePort();
      const app = await start('server-cluster.js', { args: [String(port)], env: { METRICS_PORT: String(port) } });
      assert.equal(await text(port, '/'), 'a worker');
      await scrape(port);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.equal(await text(port, '/'), 'a worker');
      assert.deepEqual(app.log(), []);
    });
    it("whose workers listen on METRICS_PORT after the preload's server has opened in the primary, they get it", async () => {
      const port = await freePort();
      const app = await start('server-cluster.js', { args: [String(port), '2500'], env: { METRICS_PORT: String(port) }, silent: true });
      await scrape(await answers(port));
      await app.said('listening');
      assert.equal(await text(port, '/'), 'a worker');
      await scrape(port);
      assert.deepEqual(app.log(), []);
    });
    it('whose workers listen elsewhere, each says so in a line, and no port is opened', async () => {
      const [port, metricsPort] = [await freePort(), await freePort()];
      const app = await start('server-cluster.js', { args: [String(port)], env: { METRICS_PORT: String(metricsPort) } });
      await logged(app, /a cluster worker opens no port of its own/);
      await assert.rejects(text(metricsPort, '/'));
    });
  });

  it('npm start with NODE_OPTIONS: npm takes no port and says nothing, the app has the metrics', async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'port-rule-'));
    const program = path.join(fixtures, 'server-on-command.js');
    const preload = require.resolve('@earntrack/otel-preload');
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts: { start: `sleep 2; exec node ${program} '{"port":${port}}'` } }));
    const npm = fs.realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim());
    const app = await start(npm, {
      flags: [],
      args: ['start', '--silent'],
      cwd: folder,
      env: { NODE_OPTIONS: `-r ${preload}`, METRICS_PORT: String(metricsPort), PORT: String(port) },
      silent: true,
    });
    try {
      // npm alone runs by now, for longer than the grace.
      await new Promise((resolve) => setTimeout(resolve, 1800));
      await assert.rejects(text(metricsPort, '/'));
      await scrape(await answers(metricsPort));
      assert.equal(await text(port, '/'), 'the app');
      assert.deepEqual(app.log(), []);
    } finally {
      // npm passes it on; killed outright it would leave the app behind.
      app.process.kill('SIGTERM');
      await app.exited;
    }
  });
});
