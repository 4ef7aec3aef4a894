// Who is served the live page of a running app: from this machine and from another address, straight and through a proxy, with and without
// a token.

import { freePort } from '@earntrack/local-servers';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import { startApp, type App } from '../support/app';
import { answers, ask, logged, type Answer } from '../support/reachable';

const apps: App[] = [];
const proxies: http.Server[] = [];

async function startApi(env: Readonly<Record<string, string>> = {}, listen = '{"port":0}'): Promise<App> {
  const app = await startApp('server-on-command.js', { args: [listen], env });
  apps.push(app);
  return app;
}

async function proxyTo(port: number): Promise<number> {
  const { createProxyServer } = await import('httpxy');
  const proxy = createProxyServer({ target: { host: '127.0.0.1', port }, xfwd: true });
  const server = http.createServer((request, response) => void proxy.web(request, response));
  proxies.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

/** An address of this machine that is not loopback: who asks there asks from there. */
const elsewhere = Object.values(os.networkInterfaces())
  .flat()
  .map((each) => each!.address)
  .find((address) => !/^(127\.|::1$|fe80)/.test(address));

const TOKEN = { METRICS_AUTH_TOKEN: 's3cret' };
const LIVE = { METRICS_LIVE: 'true' };
const bearer = { authorization: 'Bearer s3cret' };
const basic = { authorization: `Basic ${Buffer.from(':s3cret').toString('base64')}` };

const get = (port: number, headers: http.OutgoingHttpHeaders = {}, options: http.RequestOptions = {}): Promise<Answer> =>
  ask(port, '/metrics/live', { headers, ...options });

const status = async (...args: Parameters<typeof get>): Promise<number> => (await get(...args)).status;

describe('access to the live page', () => {
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    for (const proxy of proxies.splice(0)) {
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  it('loopback is served, whatever NODE_ENV, over IPv4 and IPv6, under each name of its own', async () => {
    for (const NODE_ENV of ['production', 'development']) {
      const { port } = await startApi({ NODE_ENV });
      assert.equal(await status(port), 200);
      assert.equal(await status(port, {}, { host: '::1' }), 200);
      for (const host of ['localhost', `app.localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
        assert.equal(await status(port, { host }), 200, host);
    }
  });

  it('a name of elsewhere that leads to loopback is not: a page behind it could be anybody’s', async () => {
    const { port } = await startApi();
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80']) assert.equal(await status(port, { host }), 404, host);
  });

  it('whoever comes through a proxy is not, even on this machine', async () => {
    const { port } = await startApi();
    assert.equal(await status(await proxyTo(port)), 404);
  });

  it('what is served is a page that may load nothing from anywhere, and that no other page may frame', async () => {
    const { port } = await startApi();
    const { headers, body } = await get(port);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; connect-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
    assert.doesNotMatch(body, /<(link|script|img|iframe)[^>]+(src|href)="?(https?:)?\/\//);
  });

  it('the page does not count as a request of the app', async () => {
    const { port } = await startApi();
    await get(port);
    assert.doesNotMatch((await ask(port, '/metrics')).body, /^http_requests_total\{/m);
  });

  it('whoever gets no page is answered by the app, as a probe that asks its /live from elsewhere', async () => {
    const { port } = await startApi();
    assert.equal((await get(port, { host: 'evil.example' })).body, 'the app');
    assert.match((await ask(port, '/metrics')).body, /^http_requests_total\{.*status="404".*\} 1$/m);
  });

  it('one line names METRICS_LIVE and METRICS_AUTH_TOKEN when the page is first asked for from elsewhere, and none while it is served', async () => {
    const app = await startApi({}, '{"port":0,"host":"0.0.0.0"}');
    assert.equal(await status(app.port), 200);
    assert.deepEqual(app.log(), []);
    for (const host of [elsewhere!, elsewhere!, '127.0.0.1']) await get(app.port, { host: 'app.example' }, { host });
    await logged(app, /the live page was asked for .*set METRICS_LIVE=true and METRICS_AUTH_TOKEN$/);
    assert.equal(app.log().length, 1);
  });

  it('METRICS_LIVE without a token serves no more than loopback, and one line says what is missing', async () => {
    const app = await startApi(LIVE);
    await logged(app, /METRICS_LIVE=true needs METRICS_AUTH_TOKEN/);
    assert.equal(app.log().length, 1);
    assert.equal(await status(app.port), 200);
    assert.equal(await status(await proxyTo(app.port), bearer), 404);
  });

  it('the page is below METRICS_PATH', async () => {
    const { port } = await startApi({ METRICS_PATH: '/internal/figures/' });
    assert.equal((await ask(port, '/internal/figures/live')).status, 200);
    assert.equal((await ask(port, '/metrics/live')).body, 'the app');
  });

  it('where the app does not listen on METRICS_PORT, the page is on our server there', async () => {
    const port = await freePort();
    const app = await startApi({ METRICS_PORT: String(port) });
    await answers(port);
    assert.equal(await status(port), 200);
    assert.equal((await get(app.port)).body, 'the app');
  });

  for (const NODE_ENV of ['production', 'development']) {
    describe(`from an address that is not loopback (${NODE_ENV})`, () => {
      const everywhere = '{"port":0,"host":"0.0.0.0"}';
      const from = (port: number, headers: http.OutgoingHttpHeaders = {}): Promise<number> => status(port, headers, { host: elsewhere! });

      before(function () {
        assert.ok(elsewhere, 'this machine has no address but loopback');
      });

      it('is 404 without METRICS_LIVE, whoever asks', async () => {
        const { port } = await startApi({ NODE_ENV, ...TOKEN }, everywhere);
        assert.deepEqual([await from(port), await from(port, bearer)], [404, 404]);
      });
      it('is 404 with METRICS_LIVE but without a token to ask for', async () => {
        const { port } = await startApi({ NODE_ENV, ...LIVE, METRICS_PUBLIC: 'true' }, everywhere);
        assert.equal(await from(port), 404);
      });
      it('is 401 without the token, and the page with it, as bearer and as the password of basic auth', async () => {
        const { port } = await startApi({ NODE_ENV, ...LIVE, ...TOKEN }, everywhere);
        assert.deepEqual([await from(port), await from(port, { authorization: 'Bearer wrong' })], [401, 401]);
        assert.deepEqual([await from(port, bearer), await from(port, basic)], [200, 200]);
        const { headers } = await get(port, {}, { host: elsewhere! });
        assert.match(String(headers['www-authenticate']), /^Basic realm="metrics"/);
      });
    });
  }
});
