// Libraries that another flag has loaded before the preload, as an app's own `-r ./setup.js` may.

import assert from 'node:assert/strict';
import { PRELOAD, startApp } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';
import { text } from '../support/reachable';

describe('Libraries that were loaded before the preload', () => {
  for (const [name, flags, folder] of [
    ['Express 4', ['-r', './test/fixtures/express4/node_modules/express'], 'express4'],
    ['Express 5', ['-r', 'express'], '.'],
  ] as const) {
    it(`are seen as others: ${name}`, async () => {
      const app = await startApp('http-app.js', { flags: [...flags, ...PRELOAD], args: [folder] });
      try {
        await text(app.port, '/api/users/1/earnings/2');
        const samples = await scrapeUntil(app.port, (now) => Object.keys(seriesOf(now, 'http_requests_total')).length > 0);
        assert.deepEqual(seriesOf(samples, 'http_requests_total'), { 'endpoint="/api/users/:user/earnings/:earning",method="GET",status="200"': 1 });
      } finally {
        await app.stop();
      }
    });
  }
});
