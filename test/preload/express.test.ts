// Endpoints, statuses and errors of Express 4 and 5, seen from outside.

import assert from 'node:assert/strict';
import net from 'node:net';
import { startApp, type App } from '../support/app';
import { scrapeUntil, seriesOf, type Samples } from '../support/exposition';

/** What is sent, and the series it must add to. A path may be sent several times under other values. */
const ROUTES: readonly [path: string, endpoint: string, status: number, method?: string][] = [
  ['/', '/', 200],
  ['/ping', '/ping', 200],
  ['/ping?x=1', '/ping', 200],
  ['/users/1', '/users/:id', 200],
  ['/users/2', '/users/:id', 200],
  ['/users', '/users', 200, 'POST'],
  ['/users/3', '/users/:id', 200, 'HEAD'],
  ['/first', '/first', 200],
  ['/second', '/second', 200],
  ['/files-1', '/^\\\\/files-\\\\d+$/', 200],
  ['/api/orgs/a/users/7', '/api/orgs/:org/users/:user', 200],
  ['/api/orgs/b/users/8/earnings', '/api/orgs/:org/users/:user/earnings', 200],
  ['/api/orgs/b/users/8/earnings/9', '/api/orgs/:org/users/:user/earnings/:earning', 200],
  ['/api/status', '/api/status', 200],
  ['/v1/things/1', '/v1/things/:id', 200],
  ['/v2/things/1', '/v2/things/:id', 200],
  ['/admin/health', '/admin/health', 200],
  ['/admin/reports/2026/11', '/admin/reports/:year/:month', 200],
  ['/admin/fails', '/admin/fails', 500],
  ['/tree/branch/branch/leaf', '/tree/branch/branch/leaf', 200],
  ['/declines/1', 'unmatched', 404],
  ['/guarded/1', '/guarded/:id', 200],
  ['/params/x', '/params/:broken', 500],
  ['/throws', '/throws', 500],
  ['/throws-later', '/throws-later', 500],
  ['/rejects', '/rejects', 500],
  ['/refuses', '/refuses', 403],
  ['/plain-500', '/plain-500', 500],
  ['/recovers', '/recovers', 200],
  ['/middleware-fails/anything', 'unmatched', 500],
  ['/nowhere/1', 'unmatched', 404],
  ['/nowhere/2', 'unmatched', 404],
  ['/users/%E0%A4%A', 'unmatched', 400],
  ['/users/1', 'unmatched', 404, 'PROPFIND'],
];

const ERRORS: Readonly<Record<string, number>> = {
  'endpoint="/admin/fails",error_type="TypeError"': 1,
  'endpoint="/params/:broken",error_type="RangeError"': 1,
  'endpoint="/throws",error_type="PaymentDeclined"': 1,
  'endpoint="/throws-later",error_type="PaymentDeclined"': 1,
  'endpoint="/rejects",error_type="PaymentDeclined"': 1,
  'endpoint="/plain-500",error_type="HttpServerError"': 1,
  'endpoint="/too-late",error_type="PaymentDeclined"': 1,
  'endpoint="unmatched",error_type="SyntaxError"': 1,
};

for (const [name, fixture, extra] of [
  ['Express 4', 'express4/app.js', 0],
  ['Express 5', 'express5.js', 1],
] as const) {
  describe(`${name} with the preload`, () => {
    let app: App;
    let samples: Samples;
    const expected = new Map<string, number>();
    const expect = (method: string, status: string, endpoint: string): void => {
      const series = `endpoint="${endpoint}",method="${method}",status="${status}"`;
      expected.set(series, (expected.get(series) ?? 0) + 1);
    };

    before(async () => {
      app = await startApp(fixture);
      for (const [path, endpoint, status, method = 'GET'] of ROUTES) {
        const answer = await send(app.port, method, path);
        assert.equal(answer, status, `${method} ${path}`);
        expect(method === 'PROPFIND' ? '_OTHER' : method, String(status), endpoint);
      }
      if (extra === 1) {
        assert.equal(await send(app.port, 'GET', '/rejects-unhandled'), 500);
        expect('GET', '500', '/rejects-unhandled');
      }
      await leave(app.port, '/streams', true);
      expect('GET', '200', '/streams');
      await leave(app.port, '/hangs', false);
      expect('GET', '499', '/hangs');
      await send(app.port, 'GET', '/cut').catch(() => undefined);
      expect('GET', '444', '/cut');
      await send(app.port, 'GET', '/too-late').catch(() => undefined);
      expect('GET', '200', '/too-late');
      const total = [...expected.values()].reduce((sum, count) => sum + count);
      samples = await scrapeUntil(
        app.port,
        (now) => Object.values(seriesOf(now, 'http_requests_total')).reduce((sum, count) => sum + count, 0) >= total,
      );
    });
    after(() => app?.stop());

    it('counts each request once, under its template, method and the status sent', () => {
      assert.deepEqual(
        seriesOf(samples, 'http_requests_total'),
        Object.fromEntries([...expected].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, v])),
      );
    });

    it('gives each endpoint as many durations as requests', () => {
      const durations = seriesOf(samples, 'http_request_duration_ms_count');
      const sums: Record<string, number> = {};
      for (const [series, count] of expected) {
        const key = series.replace(/,status="\d+"/, '');
        sums[key] = (sums[key] ?? 0) + count;
      }
      assert.deepEqual(durations, sums);
    });

    it('counts exceptions that end in a 5xx or come too late, by class, and no 4xx', () => {
      const own = extra === 1 ? { ...ERRORS, 'endpoint="/rejects-unhandled",error_type="PaymentDeclined"': 1 } : ERRORS;
      assert.deepEqual(seriesOf(samples, 'errors_total'), own);
    });

    it('says nothing in the log', () => assert.deepEqual(app.log(), []));
  });
}

/** Sends one request on a connection of its own, as the method and path are written here. */
function send(port: number, method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('close', () => (text === '' ? reject(new Error('no answer')) : resolve(Number(text.split(' ')[1]))));
    socket.on('error', () => undefined);
  });
}

/** Sends a request and goes away, once the first bytes have come or after a while. */
function leave(port: number, path: string, afterData: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    const go = (): void => void socket.destroy();
    if (afterData) socket.once('data', go);
    else setTimeout(go, 50);
    socket.on('close', () => resolve());
  });
}
