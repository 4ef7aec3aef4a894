// What the app writes through @earntrack/otel-preload/metrics: on the wire with the preload, and harmless without it.

import assert from 'node:assert/strict';
import { PRELOAD, startApp, type AppOptions } from '../support/app';
import { scrape, seriesOf, type Samples } from '../support/exposition';

const OUTCOMES = ['at once', 'later', 'TypeError: at once', 'RangeError: later', 'undefined'];

const ABSENT: Readonly<Record<string, AppOptions>> = {
  'is not there': { flags: [] },
  'is switched off': { flags: PRELOAD, env: { PROMETHEUS_ENABLED: 'false' } },
};

for (const program of ['own-metrics.js', 'own-metrics.mjs']) {
  describe(`The app's own metrics, written by ${program}`, () => {
    let samples: Samples;
    before(async () => {
      const app = await startApp(program);
      try {
        samples = await scrape(app.port);
        assert.deepEqual(JSON.parse(await app.said('outcomes')), OUTCOMES);
        assert.deepEqual(app.log(), []);
      } finally {
        await app.stop();
      }
    });

    it('are those of the documentation', () => {
      assert.deepEqual(seriesOf(samples, 'earnings_processed_total'), { 'platform="uber"': 2, 'platform="bolt"': 1 });
      assert.equal(samples.get('active_users'), 42);
    });

    it('are those that it has declared', () => {
      assert.deepEqual(seriesOf(samples, 'refunds_total'), { 'reason="duplicate"': 1 });
      assert.deepEqual(seriesOf(samples, 'basket_euros_bucket'), { 'le="10"': 0, 'le="100"': 1, 'le="+Inf"': 1 });
    });

    it('are its jobs, failed where they threw, with both statuses from the first one on', () => {
      assert.deepEqual(seriesOf(samples, 'jobs_executed_total'), {
        'job_type="import",status="completed"': 2,
        'job_type="import",status="failed"': 1,
        'job_type="export",status="completed"': 0,
        'job_type="export",status="failed"': 1,
        'job_type="report",status="completed"': 1,
        'job_type="report",status="failed"': 0,
      });
      assert.deepEqual(seriesOf(samples, 'job_duration_ms_count'), { 'job_type="import"': 3, 'job_type="export"': 1, 'job_type="report"': 1 });
    });

    for (const [how, options] of Object.entries(ABSENT)) {
      it(`do no harm where the preload ${how}: jobs run, return and throw as ever`, async () => {
        const app = await startApp(program, options);
        try {
          assert.deepEqual(JSON.parse(await app.said('outcomes')), OUTCOMES);
          assert.equal(app.stderr(), '');
        } finally {
          await app.stop();
        }
      });
    }
  });
}
