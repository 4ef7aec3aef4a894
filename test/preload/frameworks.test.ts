// Fastify, Koa and plain servers of each protocol: the same endpoints, statuses and errors.

import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { startApp, type App } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';

const sum = (series: Record<string, number>): number => Object.values(series).reduce((total, count) => total + count, 0);

for (const name of ['fastify', 'koa']) {
  describe(`${name} with the preload`, () => {
    let app: App;
    before(async () => (app = await startApp(`${name}.js`)));
    after(() => app.stop());

    it('names endpoints by their templates, and counts errors by class', async () => {
      const paths = ['/users/1', '/users/2', '/api/orgs/a', '/api/fails', '/api/refuses', '/nowhere/1', '/nowhere/2'];
      for (const path of paths) await (await fetch(`http://127.0.0.1:${app.port}${path}`)).text();
      const samples = await scrapeUntil(app.port, (now) => sum(seriesOf(now, 'http_requests_total')) >= paths.length);
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), {
        'endpoint="/users/:id",method="GET",status="200"': 2,
        'endpoint="/api/orgs/:org",method="GET",status="200"': 1,
        'endpoint="/api/fails",method="GET",status="500"': 1,
        'endpoint="/api/refuses",method="GET",status="403"': 1,
        'endpoint="unmatched",method="GET",status="404"': 2,
      });
      assert.deepEqual(seriesOf(samples, 'errors_total'), { 'endpoint="/api/fails",error_type="PaymentDeclined"': 1 });
    });
  });
}

describe('servers without a framework', () => {
  it('h2c requests are counted, and one that the client cancels is a 499', async () => {
    const app = await startApp('server-h2c.js');
    try {
      const session = http2.connect(`http://127.0.0.1:${app.port}`);
      const get = (path: string): Promise<void> =>
        new Promise((resolve) => {
          const stream = session.request({ ':path': path });
          stream.on('data', () => undefined);
          stream.on('close', () => resolve());
          if (path === '/hangs') setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), 50);
        });
      await get('/one');
      await get('/hangs');
      const samples = await scrapeUntil(Number(await app.said('also')), (now) => sum(seriesOf(now, 'http_requests_total')) >= 2);
      session.close();
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), {
        'endpoint="unmatched",method="GET",status="200"': 1,
        'endpoint="unmatched",method="GET",status="499"': 1,
      });
    } finally {
      await app.stop();
    }
  });

  it('an upgrade is not a request, and a request seen by checkContinue counts once', async () => {
    const app = await startApp('server-plain.js');
    try {
      await app.said('upgraded');
      const samples = await scrapeUntil(app.port, (now) => sum(seriesOf(now, 'http_requests_total')) >= 1);
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), { 'endpoint="unmatched",method="POST",status="200"': 1 });
    } finally {
      await app.stop();
    }
  });
});
