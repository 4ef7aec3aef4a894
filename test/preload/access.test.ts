// Who sees the metrics of a running app: with and without a token, straight and through a real reverse proxy.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { startApp, type App } from '../support/app';
import { ask, logged, type Answer } from '../support/reachable';

const apps: App[] = [];
const proxies: http.Server[] = [];

async function startApi(env: Readonly<Record<string, string>>): Promise<App> {
  const app = await startApp('server-on-command.js', { args: ['{"port":0}'], env });
  apps.push(app);
  return app;
}

/** A reverse proxy before the app; `xfwd`: it says for whom it asks, as all are set up to do. */
async function proxyTo(port: number, xfwd: boolean): Promise<number> {
  const { createProxyServer } = await import('httpxy');
  const proxy = createProxyServer({ target: { host: '127.0.0.1', port }, xfwd });
  const server = http.createServer((request, response) => void proxy.web(request, response));
  proxies.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

const bearer = { authorization: 'Bearer s3cret' };
const basic = { authorization: `Basic ${Buffer.from('prometheus:s3cret').toString('base64')}` };

function get(port: number, headers: http.OutgoingHttpHeaders = {}, options: http.RequestOptions = {}): Promise<Answer> {
  return ask(port, '/metrics', { headers, ...options });
}

describe('access to the metrics of a running app', () => {
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    for (const proxy of proxies.splice(0)) {
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('in development everybody is answered, also through a proxy', async () => {
    const { port } = await startApi({});
    assert.equal((await get(port)).status, 200);
    assert.equal((await get(await proxyTo(port, true))).status, 200);
  });

  describe('in production without a token', () => {
    const env = { NODE_ENV: 'production' };

    it('loopback is answered, over IPv4 and IPv6', async () => {
      const { port } = await startApi(env);
      assert.equal((await get(port)).status, 200);
      assert.equal((await get(port, {}, { host: '::1' })).status, 200);
    });
    it('who comes through a reverse proxy is not, is told the remedy, and the app still answers', async () => {
      const app = await startApi(env);
      const through = await proxyTo(app.port, true);
      const { status, headers, body } = await get(through);
      assert.equal(status, 403);
      assert.equal(headers['cache-control'], 'no-store');
      assert.match(body, /^Refused .*set METRICS_AUTH_TOKEN, or METRICS_PUBLIC=true/);
      assert.equal((await ask(through, '/')).body, 'the app');
      await logged(app, /METRICS_AUTH_TOKEN, or METRICS_PUBLIC=true/);
      await get(through);
      assert.equal(app.log().length, 1, 'said once');
    });
    it('who sends a header that a direct caller does not send is taken for a proxy, and is told which', async () => {
      const app = await startApi(env);
      const { status, body } = await get(app.port, { 'CF-Connecting-IP': '127.0.0.1' });
      assert.equal(status, 403);
      assert.match(body, /behind proxies \(it sent cf-connecting-ip\): set METRICS_AUTH_TOKEN/);
      await logged(app, /through a proxy \(it sent cf-connecting-ip\) was refused/);
    });
    it('METRICS_PUBLIC=true answers them', async () => {
      const { port } = await startApi({ ...env, METRICS_PUBLIC: 'true' });
      assert.equal((await get(await proxyTo(port, true))).status, 200);
    });
  });

  describe('with METRICS_AUTH_TOKEN', () => {
    for (const NODE_ENV of ['production', 'development']) {
      it(`only who brings it is answered, straight and through a reverse proxy (${NODE_ENV})`, async () => {
        const app = await startApi({ NODE_ENV, METRICS_AUTH_TOKEN: 's3cret', METRICS_PUBLIC: 'true' });
        const ports = [app.port, await proxyTo(app.port, true), await proxyTo(app.port, false)];
        for (const port of ports) {
          const refused = await get(port);
          assert.equal(refused.status, 401);
          assert.match(String(refused.headers['www-authenticate']), /Basic realm="metrics".*Bearer realm="metrics"/);
          assert.doesNotMatch(refused.body, /s3cret|HELP/);
          assert.equal((await get(port, { authorization: 'Bearer wrong' })).status, 401);
          assert.equal((await get(port, bearer)).status, 200);
          assert.equal((await get(port, basic)).status, 200);
        }
        assert.doesNotMatch(app.stderr(), /s3cret/);
      });
    }
    it('what is refused is no request of the app, and counts as none', async () => {
      const { port } = await startApi({ METRICS_AUTH_TOKEN: 's3cret' });
      await get(port);
      assert.doesNotMatch((await get(port, bearer)).body, /http_requests_total\{/);
    });
  });
});
