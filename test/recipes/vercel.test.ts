// The recipe for Vercel: its instrumentation file, with its variables, pushes what a function has answered.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { transformSync } from 'esbuild';
import { parse } from 'yaml';
import { root, startApp, type App } from '../support/app';
import { seriesOf } from '../support/exposition';
import { RECIPES } from '../support/manifests';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver';
import { status } from '../support/recipes';

const read = (name: string): string => fs.readFileSync(path.join(RECIPES, 'vercel', name), 'utf8');
const variables = parseEnv(read('vercel.env')) as Record<string, string>;

describe('The recipe for Vercel', () => {
  let folder: string;
  let receiver: OtlpReceiver;

  before(async () => {
    receiver = await startOtlpReceiver();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vercel-'));
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const { code } = transformSync(read('instrumentation.ts'), { loader: 'ts', format: 'cjs', platform: 'node' });
    fs.writeFileSync(path.join(folder, 'instrumentation.js'), code);
  });
  after(async () => {
    await receiver.stop();
    fs.rmSync(folder, { recursive: true });
  });

  /** Vercel sets VERCEL, and Next.js NEXT_RUNTIME. */
  const start = (runtime: string): Promise<App> =>
    startApp('vercel-function.cjs', {
      flags: [],
      args: [path.join(folder, 'instrumentation.js')],
      env: { VERCEL: '1', NODE_ENV: 'production', NEXT_RUNTIME: runtime, ...variables, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });

  const requestsAnswered = async (app: App): Promise<void> => {
    assert.equal(await status(app.port, '/'), 200);
    app.process.kill('SIGTERM');
    assert.deepEqual(await app.exited, { code: 0, signal: null });
    assert.deepEqual(app.log(), []);
  };

  it('pushes the requests of a Node.js instance under its name, with its credentials, and nothing at the edge', async () => {
    await requestsAnswered(await start('edge'));
    await requestsAnswered(await start('nodejs'));
    await receiver.until((pushes) => pushes.length > 0);
    const counts = receiver.pushes.map(({ samples }) => seriesOf(samples, 'http_requests_total'));
    assert.equal(
      counts.flatMap((each) => Object.values(each)).reduce((sum, count) => sum + count, 0),
      1,
    );
    for (const { resource, headers } of receiver.pushes) {
      assert.equal(resource['service.name'], variables['OTEL_SERVICE_NAME']);
      assert.equal(headers.authorization, `Basic ${Buffer.from('NAME:PASSWORD').toString('base64')}`);
    }
  });

  it('pushes to the port at which the collector takes deltas from functions', () => {
    const overlay = parse(fs.readFileSync(path.join(root, 'collector/serverless.yaml'), 'utf8'));
    const { endpoint } = overlay.receivers['otlp/functions'].protocols.http;
    assert.equal(new URL(variables['OTEL_EXPORTER_OTLP_ENDPOINT']!).port, /:(\d+)$/.exec(endpoint)![1]);
  });
});
