// The preload's own server: it opens where the app does not, and is never in anybody's way.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { freePort } from '@earntrack/local-servers';
import { startApp, type App, type AppOptions } from '../support/app';
import { samplesOf, scrape, seriesOf } from '../support/exposition';
import { answers, ask, logged, text } from '../support/reachable';

const apps: App[] = [];
const servers: net.Server[] = [];

async function start(name: string, options: AppOptions = {}): Promise<App> {
  const app = await startApp(name, options);
  apps.push(app);
  return app;
}

/** A process without a server of its own, as a queue worker is, whose metrics are served on `port`. */
async function startWorker(port: number, env: Readonly<Record<string, string>> = {}): Promise<App> {
  const worker = await start('server-none.js', { env: { METRICS_PORT: String(port), ...env }, silent: true });
  await answers(port);
  return worker;
}

function startApi(port: number, options: AppOptions = {}): Promise<App> {
  return start('server-on-command.js', { args: [JSON.stringify({ port })], env: { METRICS_PORT: String(port) }, ...options });
}

/** A program that is not ours, on a port of its own. */
async function stranger(handler: http.RequestListener = (_request, response) => void response.end('a stranger')): Promise<number> {
  const server = http.createServer(handler).listen(0);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

async function processOf(port: number): Promise<number> {
  return seriesOf(await scrape(port), 'process_start_time_seconds')['']!;
}

describe("the preload's own server", () => {
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    for (const server of servers.splice(0)) server.close();
  });

  describe('for a process that opens none', () => {
    it('serves the metrics, and nothing else', async () => {
      const port = await freePort();
      const worker = await startWorker(port);
      await scrape(port);
      for (const path of ['/', '/health', '/metricsfoo']) {
        const { status, headers, body } = await ask(port, path);
        assert.deepEqual([status, body], [503, 'The app does not listen here; its metrics are at /metrics.\n']);
        assert.match(headers['retry-after']!, /^\d+$/);
      }
      const posted = await ask(port, '/metrics', { method: 'POST' });
      assert.equal(posted.status, 405);
      assert.equal(posted.headers.allow, 'GET, HEAD');
      assert.equal((await ask(port, '/metrics', { method: 'HEAD' })).status, 200);
      assert.deepEqual(seriesOf(await scrape(port), 'http_requests_total'), {});
      assert.deepEqual(worker.log(), []);
    });
    it('is asked for the token too', async () => {
      const port = await freePort();
      await startWorker(port, { METRICS_AUTH_TOKEN: 't' });
      assert.equal((await ask(port, '/metrics')).status, 401);
      assert.equal((await ask(port, '/metrics', { headers: { authorization: 'Bearer t' } })).status, 200);
    });
    it('never keeps it alive, also while a scraper holds its connection', async () => {
      const port = await freePort();
      const worker = await start('server-none.js', { args: ['2500'], env: { METRICS_PORT: String(port) }, silent: true });
      await answers(port);
      const scraper = net.connect(port, '127.0.0.1').on('error', () => {});
      scraper.write('GET /metrics HTTP/1.1\r\n');
      const { code } = await worker.exited;
      scraper.destroy();
      assert.equal(code, 0);
    });
    it('is not there without METRICS_PORT', async () => {
      const worker = await start('server-none.js', { args: ['1500'], silent: true, env: { PORT: '0' } });
      assert.deepEqual(await worker.exited, { code: 0, signal: null });
      assert.deepEqual(worker.log(), []);
    });
  });

  describe('that cannot listen on METRICS_HOST', () => {
    it('says one line, and the process goes on', async () => {
      const env = { METRICS_PORT: String(await freePort()), METRICS_HOST: '203.0.113.1' };
      const worker = await start('server-none.js', { args: ['2000'], env, silent: true });
      await logged(worker, /cannot be opened.*EADDRNOTAVAIL.*METRICS_HOST/);
      assert.deepEqual(await worker.exited, { code: 0, signal: null });
      assert.equal(worker.log().length, 1);
    });
  });

  describe('whose port is taken by a stranger', () => {
    it('says one line, and the process goes on', async () => {
      const port = await stranger();
      const worker = await start('server-none.js', { args: ['2000'], env: { METRICS_PORT: String(port) }, silent: true });
      await logged(worker, new RegExp(`another process holds port ${port}.*METRICS_PORT of its own`));
      assert.equal(await text(port, '/metrics'), 'a stranger');
      assert.deepEqual(await worker.exited, { code: 0, signal: null });
      assert.equal(worker.log().length, 1);
    });
  });

  describe('gives the port to the app in its process', () => {
    it('which listens as if the port had been free', async () => {
      const port = await freePort();
      const app = await start('server-on-command.js', {
        args: ['later', JSON.stringify({ port })],
        env: { METRICS_PORT: String(port) },
        silent: true,
      });
      await answers(port);
      assert.equal((await ask(port, '/')).status, 503);
      app.process.kill('SIGUSR2');
      await app.said('listening');
      assert.equal(await text(port, '/'), 'the app');
      await scrape(port);
      assert.doesNotMatch(app.stdout(), /failed/);
      assert.equal(app.stdout().match(/callback yes/g)?.length, 1);
      assert.equal(app.stdout().match(/event yes/g)?.length, 1);
      assert.deepEqual(app.log(), []);
    });
    it('also if it takes a name and not an address', async () => {
      const port = await freePort();
      const app = await start('server-on-command.js', {
        args: ['later', JSON.stringify({ port: String(port), host: 'localhost' })],
        env: { METRICS_PORT: String(port) },
        silent: true,
      });
      await answers(port);
      app.process.kill('SIGUSR2');
      await app.said('listening');
      assert.doesNotMatch(app.stdout(), /failed/);
    });
    it('and takes it again if the app could not listen', async () => {
      const port = await freePort();
      const app = await start('server-on-command.js', {
        args: ['later', JSON.stringify({ port, host: '203.0.113.1' })],
        env: { METRICS_PORT: String(port) },
        silent: true,
      });
      await answers(port);
      app.process.kill('SIGUSR2');
      assert.match(await app.said('failed'), /EADDRNOTAVAIL/);
      await scrape(await answers(port));
    });
  });

  describe('gives the port to the API that shares METRICS_PORT in another process', () => {
    it('whichever of both starts first: the worker', async () => {
      const port = await freePort();
      const worker = await startWorker(port);
      const before = await processOf(port);
      const api = await startApi(port);
      assert.equal(api.port, port);
      assert.equal(await text(port, '/'), 'the app');
      assert.notEqual(await processOf(port), before);
      assert.doesNotMatch(api.stdout(), /failed/);
      assert.equal(api.stdout().match(/callback yes/g)?.length, 1);
      assert.equal(api.stdout().match(/event yes/g)?.length, 1);
      assert.deepEqual(api.log(), []);
      await logged(worker, /another process asked for port \d+.*METRICS_PORT of its own/);
      // Past the time after which it looks whether the port was needed at all.
      await new Promise((resolve) => setTimeout(resolve, 5500));
      assert.equal(await text(port, '/'), 'the app');
      assert.equal(worker.log().length, 1);
    });
    it('whichever of both starts first: the API', async () => {
      const port = await freePort();
      const api = await startApi(port);
      const worker = await start('server-none.js', { env: { METRICS_PORT: String(port) }, silent: true });
      await logged(worker, /METRICS_PORT of its own/);
      assert.equal(await text(port, '/'), 'the app');
      assert.deepEqual(api.log(), []);
      await api.stop();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await assert.rejects(text(port, '/'), 'an API that is down must not be hidden by the metrics of a worker');
    });
    it('on METRICS_HOST alone', async () => {
      const port = await freePort();
      const env = { METRICS_PORT: String(port), METRICS_HOST: '127.0.0.1' };
      const worker = await startWorker(port, env);
      await assert.rejects(ask(port, '/metrics', { host: '::1' }), 'it listens on METRICS_HOST and nowhere else');
      await startApi(port, { env });
      await logged(worker, /another process asked/);
    });
    it('with a token, and another METRICS_PATH', async () => {
      const port = await freePort();
      await startWorker(port, { METRICS_AUTH_TOKEN: 't', METRICS_PATH: '/worker', NODE_ENV: 'production' });
      await startApi(port);
      assert.equal(await text(port, '/'), 'the app');
    });
    it('that nobody listens to the errors of', async () => {
      const port = await freePort();
      await startWorker(port);
      const api = await start('server-no-listener.js', { args: [String(port)], env: { METRICS_PORT: String(port) }, silent: true });
      assert.deepEqual(await api.exited, { code: 0, signal: null });
    });
  });

  describe('is not given up', () => {
    it('for what anybody can say to the port itself', async () => {
      const port = await freePort();
      const worker = await startWorker(port);
      assert.equal((await ask(port, '/metrics', { method: 'UNBIND' })).status, 405);
      await scrape(port);
      assert.deepEqual(worker.log(), []);
    });
    it('for long, if who asked for the port does not take it', async () => {
      const port = await freePort();
      const worker = await startWorker(port);
      const before = await processOf(port);
      const app = await start('server-on-command.js', {
        args: [JSON.stringify({ port }), '{"close":0}'],
        env: { METRICS_PORT: String(port) },
        silent: true,
      });
      await logged(worker, /another process asked for port/);
      await app.stop();
      await answers(port);
      assert.equal(await processOf(port), before);
    });
  });

  describe('is not what holds the port', () => {
    const cases: readonly (readonly [who: string, hold: () => Promise<number>])[] = [
      ['a stranger', () => stranger()],
      ['a stranger that answers everything with 204', () => stranger((_request, response) => void response.writeHead(204).end())],
      ['a stranger that never answers', () => stranger(() => {})],
      ['a server that speaks no HTTP', holdByTcp],
      ['another instance of the API', async () => (await startApi(await freePort())).port],
      ['a worker that is stopped', stoppedWorker],
    ];
    for (const [who, hold] of cases) {
      it(`but ${who}: the app gets the same error as without the preload`, async () => {
        const port = await hold();
        const env = { METRICS_PORT: String(port) };
        const args = [JSON.stringify({ port })];
        const [bare, preloaded] = await Promise.all([
          start('server-on-command.js', { flags: [], args, env, silent: true }),
          start('server-on-command.js', { args, env, silent: true }),
        ]);
        assert.equal(await preloaded.said('failed'), await bare.said('failed'));
        assert.match(preloaded.stdout(), /EADDRINUSE/);
        assert.equal(preloaded.stdout().match(/failed/g)?.length, 1);
      });
      it(`but ${who}: the app without a listener for errors ends as without the preload`, async () => {
        const port = await hold();
        const options = { args: [String(port)], env: { METRICS_PORT: String(port) }, silent: true };
        const [bare, preloaded] = await Promise.all([
          start('server-no-listener.js', { ...options, flags: [] }),
          start('server-no-listener.js', options),
        ]);
        assert.deepEqual(await preloaded.exited, await bare.exited);
        assert.equal((await bare.exited).code, 1);
        assert.equal(preloaded.stdout(), bare.stdout());
        assert.equal(bare.stdout(), 'origin uncaughtException\n');
        assert.match(preloaded.stderr(), /Emitted 'error' event on Server instance[^]*EADDRINUSE/);
      });
    }
    it('and the other instance of the API does not count that it was asked', async () => {
      const first = await startApi(await freePort());
      const second = await start('server-on-command.js', {
        args: [JSON.stringify({ port: first.port })],
        env: { METRICS_PORT: String(first.port) },
        silent: true,
      });
      await second.said('failed');
      const samples = samplesOf(await text(first.port, '/metrics'));
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), {});
    });
    it('and a server that is closed while the holder is asked stays closed', async () => {
      const port = await stoppedWorker();
      const app = await start('server-on-command.js', {
        args: [JSON.stringify({ port }), '{"close":0}'],
        env: { METRICS_PORT: String(port) },
        silent: true,
      });
      await app.said('closed');
      apps[0]!.process.kill('SIGCONT');
      await app.said('ready');
      // As long as the port would be asked for.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.doesNotMatch(app.stdout(), /listening/);
    });
  });
});

async function holdByTcp(): Promise<number> {
  const server = net.createServer((socket) => socket.end('220 mail.example.org ESMTP\r\n')).listen(0);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

async function stoppedWorker(): Promise<number> {
  const port = await freePort();
  (await startWorker(port)).process.kill('SIGSTOP');
  return port;
}
