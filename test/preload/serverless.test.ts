// Functions that are frozen once they have answered, for real: SIGSTOP between requests.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { startApp, type App, type AppOptions } from '../support/app';
import { seriesOf } from '../support/exposition';
import { startOtlpReceiver, type OtlpReceiver, type Push } from '../support/otlp-receiver';
import { ask, text } from '../support/reachable';

const sum = (pushes: readonly Push[], name: string): number =>
  pushes.flatMap(({ samples }) => Object.values(seriesOf(samples, name))).reduce((total, value) => total + value, 0);
const requestsIn = (pushes: readonly Push[]): number => sum(pushes, 'http_requests_total');

describe('A serverless function', () => {
  let receiver: OtlpReceiver;
  const apps: App[] = [];
  beforeEach(async () => (receiver = await startOtlpReceiver()));
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await receiver.stop();
  });

  async function start(kind: 'around' | 'inside' | 'none' | 'late' | 'later', env: AppOptions['env'] = {}): Promise<App> {
    const platform = { VERCEL: '1', OTEL_SERVICE_NAME: 'shop', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const app = await startApp('serverless.js', { flags: [], args: [kind], env: { ...platform, ...env } });
    apps.push(app);
    return app;
  }

  for (const kind of ['around', 'inside'] as const) {
    it(`has pushed all that it counted when the platform freezes it, whose context is entered ${kind}`, async () => {
      const app = await start(kind);
      for (let requests = 1; requests <= 5; requests += 1) {
        assert.equal(await text(app.port, '/'), 'answered');
        await app.said(`idle-${requests}`);
        assert.equal(requestsIn(receiver.pushes), requests);
        app.process.kill('SIGSTOP');
        await pause(20);
        app.process.kill('SIGCONT');
      }
      assert.deepEqual(app.log(), []);
    });
  }

  it('pushes with the next request what the platform did not wait for, whatever a freeze interrupts, and nothing twice', async () => {
    const app = await start('none', { OTEL_EXPORTER_OTLP_TIMEOUT: '100' });
    const requests = 25;
    for (let request = 0; request < requests; request += 1) {
      app.process.kill('SIGCONT');
      assert.equal(await text(app.port, '/'), 'answered');
      // At another moment of the push each time.
      await pause(request % 5);
      app.process.kill('SIGSTOP');
      // Longer than the timeout, which is then over when the process thaws.
      await pause(120);
    }
    app.process.kill('SIGCONT');
    await receiver.until((pushes) => requestsIn(pushes) >= requests);
    assert.equal(await text(app.port, '/'), 'answered');
    await receiver.until((pushes) => requestsIn(pushes) > requests);
    assert.equal(requestsIn(receiver.pushes), requests + 1);
  });

  it('takes an answer that came while it was frozen for one, although its time is over', async () => {
    const app = await start('none', { OTEL_EXPORTER_OTLP_TIMEOUT: '1500' });
    for (let requests = 1; requests <= 2; requests += 1) {
      const release = receiver.withhold();
      assert.equal(await text(app.port, '/'), 'answered');
      await receiver.until((pushes) => pushes.length === requests);
      app.process.kill('SIGSTOP');
      release();
      await pause(1700);
      app.process.kill('SIGCONT');
    }
    assert.equal(await text(app.port, '/'), 'answered');
    await receiver.until((pushes) => requestsIn(pushes) >= 3);
    assert.equal(requestsIn(receiver.pushes), 3);
    assert.deepEqual(app.log(), []);
  });

  for (const [kind, when] of [
    ['late', 'before'],
    ['later', 'once'],
  ] as const) {
    it(`counts the request that started it ${when} that was answered`, async () => {
      const app = await start(kind);
      assert.equal(await text(app.port, '/'), 'answered');
      await receiver.until((pushes) => requestsIn(pushes) === 1);
      assert.equal(await text(app.port, '/'), 'answered');
      await receiver.until((pushes) => requestsIn(pushes) === 2);
    });
  }

  it('answers before it pushes: the client has the whole response while the receiver withholds its own', async () => {
    const app = await start('around');
    const release = receiver.withhold();
    for (let requests = 1; requests <= 3; requests += 1) assert.equal((await ask(app.port, '/')).body, 'answered');
    await receiver.until((pushes) => pushes.length === 1);
    assert.doesNotMatch(app.stdout(), /idle/, 'the platform waits for the push');
    release();
    for (let requests = 1; requests <= 3; requests += 1) await app.said(`idle-${requests}`);
    assert.equal(requestsIn(receiver.pushes), 3);
    assert.ok(receiver.pushes.length <= 3);
  });

  it('loses nothing to a receiver that is away for some requests', async () => {
    const app = await start('around', { OTEL_METRIC_EXPORT_TIMEOUT: '1' });
    for (const manner of ['take', 'refuse', 'reset', { status: 503 }, { status: 401 }, 'garble', 'take'] as const) {
      await receiver.behave(manner);
      const said = app.stdout().split('idle').length;
      assert.equal(await text(app.port, '/'), 'answered');
      await app.said(`idle-${said}`);
    }
    assert.equal(requestsIn(receiver.pushes), 7);
    assert.equal(sum(receiver.pushes, 'http_request_duration_ms_count'), 7);
    assert.equal(app.log().length, 2);
    assert.match(app.log()[0]!, /metrics cannot be pushed to http:\/\/127.0.0.1:\d+: .*ECONNREFUSED/);
    assert.match(app.log()[1]!, /metrics are pushed to http:\/\/127.0.0.1:\d+ again/);
  });

  it('pushes deltas, and no gauges, which would be those of whichever copy came last', async () => {
    const app = await start('around');
    await text(app.port, '/');
    await app.said('idle-1');
    const [push] = receiver.pushes;
    assert.deepEqual(new Set(push!.metrics.map(({ sum, histogram }) => (sum ?? histogram)?.aggregationTemporality)), new Set([1]));
  });

  it('ends as it would without the preload, and is started by register() only if it is switched on', async () => {
    const app = await start('none', { PROMETHEUS_ENABLED: undefined });
    assert.equal(await text(app.port, '/metrics'), 'answered');
    app.process.kill('SIGTERM');
    assert.deepEqual(await app.exited, { code: null, signal: 'SIGTERM' });
    const on = await start('none');
    assert.match(await text(on.port, '/metrics'), /^# HELP/);
    on.process.kill('SIGTERM');
    assert.deepEqual(await on.exited, { code: null, signal: 'SIGTERM' });
    assert.ok(receiver.attempts() > 0);
  });
});
