// What the app makes with @opentelemetry/api shows up at /metrics, whichever copies of it the app has.

import assert from 'node:assert/strict';
import { startApp } from '../support/app';
import { scrape } from '../support/exposition';

const PROGRAMS: readonly [program: string, args: readonly string[], names: readonly string[]][] = [
  ['api-same.cjs', [], ['same']],
  ['older-api/app.mjs', [], ['older']],
  ['newest-api/app.cjs', [], ['newest']],
  ['newest-api/app.cjs', ['older-first'], ['older', 'newest']],
  ['newest-api/app.cjs', ['older-last'], ['newest', 'older']],
  ['newest-api/app.mjs', [], ['imported', 'required']],
];

describe('What an app makes with @opentelemetry/api', () => {
  for (const [program, args, names] of PROGRAMS) {
    it(`is served: ${[program, ...args].join(' ')}`, async () => {
      const app = await startApp(program, { args });
      try {
        const samples = [...(await scrape(app.port))].filter(([series]) => names.some((name) => series.startsWith(`${name}_`)));
        const shown = samples.filter(([series]) => !series.includes('_bucket{') && !series.includes('_sum'));
        assert.deepEqual(Object.fromEntries(shown), Object.assign({}, ...names.map(expected)));
        assert.equal(app.stderr(), '');
      } finally {
        await app.stop();
      }
    });
  }
});

function expected(name: string): Record<string, number> {
  return {
    [`${name}_orders_total{kind="new"}`]: 2,
    [`${name}_basket_size_count`]: 1,
    [`${name}_open_orders`]: -1,
    [`${name}_stock{shelf="a"}`]: 7,
  };
}
