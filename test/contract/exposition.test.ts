// The contract on the wire: the whole exposition of a real program after fixed traffic.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { catalogue } from '@earntrack/otel-preload/catalogue';
import { root, startApp, type App } from '../support/app';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver';
import { normalForm } from './normal-form';

const GOLDEN = path.join(root, 'test/contract/golden.prom');
const DOCUMENTED = Object.keys(catalogue);
/** Written only while there is something: a request of libuv under way. */
const FLEETING = 'nodejs_active_requests';
/** Read by timers, or after the first garbage collection. */
const LATE = ['cache_size_bytes', 'job_queue_depth', 'nodejs_gc_duration_seconds'];

async function textOf({ port }: App, accept = '*/*'): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } });
  assert.equal(response.status, 200);
  return response.text();
}

async function wholeTextOf(app: App): Promise<string> {
  const end = Date.now() + 20_000;
  for (;;) {
    const text = await textOf(app);
    const missing = LATE.filter((name) => !text.includes(`# TYPE ${name} `));
    if (missing.length === 0) return text;
    assert.ok(Date.now() < end, `not shown: ${missing.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const families = (text: string): string[] => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!).filter((name) => name !== FLEETING);

for (const program of ['all.cjs', 'all.mjs']) {
  describe(`The exposition of ${program}`, () => {
    let app: App;
    let text: string;
    let receiver: OtlpReceiver;
    before(async () => {
      receiver = await startOtlpReceiver();
      const servers = { DATABASE_URL: process.env['TEST_DATABASE_URL']!, REDIS_URL: process.env['TEST_REDIS_URL']! };
      app = await startApp(program, { env: { ...servers, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
      text = await wholeTextOf(app);
    });
    after(async () => {
      await app.stop();
      await receiver.stop();
    });

    it('is the golden one', () => {
      const normal = normalForm(text);
      if (process.env['GOLDEN'] === 'write') fs.writeFileSync(GOLDEN, normal);
      assert.equal(normal, fs.readFileSync(GOLDEN, 'utf8'), 'if this is meant: GOLDEN=write npm test -- test/contract/exposition.test.ts');
    });

    it('has everything that is in the catalogue, and nothing else, in its order', () => {
      const expected = DOCUMENTED.filter((name) => name !== FLEETING && name !== 'otel_preload_series');
      assert.deepEqual(families(text), [...expected, 'otel_preload_series']);
    });

    it('has the help, the kind and the labels that the catalogue says', () => {
      for (const [name, { kind, help, labels }] of Object.entries(catalogue)) {
        if (name === FLEETING) continue;
        assert.ok(text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`), name);
        const samples = [...text.matchAll(new RegExp(`^${name}(?:_count)?(?:\\{(.*)\\})? \\S+$`, 'gm'))];
        assert.ok(samples.length > 0, `${name} has samples`);
        for (const [, shown = ''] of samples)
          assert.deepEqual(
            [...shown.matchAll(/(\w+)="/g)].map(([, label]) => label),
            [...labels],
            name,
          );
      }
    });

    it('passes promtool, but for the unit that the contract names', () => {
      const promtool = process.env['TEST_PROMTOOL'];
      assert.ok(promtool, 'npm test sets TEST_PROMTOOL');
      const checked = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
      const findings = checked.stderr.trim().split('\n').toSorted();
      assert.deepEqual(
        findings,
        DOCUMENTED.filter((name) => name.endsWith('_ms'))
          .toSorted()
          .map((name) => `${name} metric names should not contain abbreviated units`),
      );
      assert.equal(checked.status, 3);
    });

    it('is the same as OpenMetrics', async () => {
      const openMetrics = await textOf(app, 'application/openmetrics-text;version=1.0.0');
      const plain = openMetrics
        .replace(/# EOF\n$/, '')
        .replaceAll(
          /^# HELP (\S+) (.*)\n# TYPE \1 counter$/gm,
          (_, name: string, help: string) => `# HELP ${name}_total ${help}\n# TYPE ${name}_total counter`,
        );
      assert.equal(normalForm(plain), normalForm(await textOf(app)));
    });
  });
}
