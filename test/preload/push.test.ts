// What is pushed, to a receiver that takes it and to one that does not, and what the app notices of it.

import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root, startApp, PRELOAD, type App, type AppOptions } from '../support/app';
import { scrape, scrapeUntil, seriesOf, type Samples } from '../support/exposition';
import { startOtlpReceiver, type Manner, type OtlpReceiver, type Push } from '../support/otlp-receiver';
import { logged, text } from '../support/reachable';

type Environment = NonNullable<AppOptions['env']>;

const apps: App[] = [];
const receivers: OtlpReceiver[] = [];

async function receiving(manner: Manner = 'take'): Promise<OtlpReceiver> {
  const receiver = await startOtlpReceiver();
  receivers.push(receiver);
  await receiver.behave(manner);
  return receiver;
}

function variables({ url }: OtlpReceiver, more: Environment = {}): Environment {
  return { OTEL_SERVICE_NAME: 'shop', OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '100', ...more };
}

async function start(program: string, env: Environment, options: AppOptions = {}): Promise<App> {
  const app = await startApp(program, { env, ...options });
  apps.push(app);
  return app;
}

const points = (samples: Samples): Record<string, number> =>
  Object.fromEntries(
    Object.entries(seriesOf(samples, 'otel_preload_pushed_points_total')).map(([label, value]) => [/"(\w+)"/.exec(label)![1]!, value]),
  );
const requestsIn = (samples: Samples): number => Object.values(seriesOf(samples, 'http_requests_total')).reduce((all, each) => all + each, 0);

describe('Pushing', () => {
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.stop()));
    await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
  });

  it('tells the same series as the scrape, with the same labels, buckets and values, and no unit', async () => {
    const receiver = await receiving();
    const servers = { DATABASE_URL: process.env['TEST_DATABASE_URL'], REDIS_URL: process.env['TEST_REDIS_URL'] };
    const app = await start('server-environment.js', variables(receiver, servers));
    await scrapeUntil(app.port, (now) => requestsIn(now) === 6 && now.has('nodejs_gc_duration_seconds_count{kind="minor"}'));
    const before = await scrape(app.port);
    const seen = receiver.pushes.length;
    await receiver.until((pushes) => pushes.length > seen + 1);
    const pushed = receiver.pushes[seen + 1]!;
    const after = await scrape(app.port);
    const still = (samples: Samples): string[] =>
      [...samples.keys()].filter((series) => !/^nodejs_(active|gc)|^otel_preload_series/.test(series)).toSorted();
    assert.deepEqual(still(pushed.samples), still(before));
    const steady = [...before].filter(([series, value]) => after.get(series) === value);
    assert.deepEqual(Object.fromEntries(steady.map(([series]) => [series, pushed.samples.get(series)])), Object.fromEntries(steady));
    const familiesOf = (list: readonly [string, number][]): Set<string> =>
      new Set(list.map(([series]) => series.replace(/_(bucket|sum|count)?(\{.*)?$/, '')));
    for (const name of ['http_request_duration_ms', 'database_query_duration_ms', 'job_duration_ms']) assert.ok(familiesOf(steady).has(name), name);
    assert.deepEqual(new Set(pushed.metrics.map(({ unit }) => unit ?? '')), new Set(['']));
  });

  it('is not counted among the requests of the app, nor its connection among what the app has open', async () => {
    const taking = await receiving();
    const pushing = await start('heap.js', variables(taking));
    await taking.until((pushes) => pushes.length > 2);
    assert.deepEqual(seriesOf(await scrape(pushing.port), 'http_client_request_duration_ms_count'), {});
    const hanging = await receiving('hang');
    const app = await start('heap.js', variables(hanging));
    await hanging.until(() => hanging.attempts() > 0);
    const bare = await start('heap.js', {});
    const [samples, alone] = [await scrape(app.port), await scrape(bare.port)];
    for (const name of ['nodejs_active_handles', 'nodejs_active_requests']) assert.deepEqual(seriesOf(samples, name), seriesOf(alone, name));
  });

  it('is no root span of an SDK in the app that traces sockets', async () => {
    const receiver = await receiving();
    const app = await start('traced-sockets.cjs', variables(receiver));
    await receiver.until((pushes) => pushes.length > 1);
    assert.equal(await text(app.port, '/traced'), String(app.port));
  });

  it('counts what was sent, failed and was dropped, and says what was dropped', async () => {
    const receiver = await receiving();
    const app = await start('heap.js', variables(receiver));
    const taken = await scrapeUntil(app.port, (now) => points(now)['sent']! > 0);
    assert.deepEqual([points(taken)['failed'], points(taken)['dropped']], [0, 0]);
    await receiver.behave({ refused: 3, why: 'three of them are wrong' });
    await logged(app, /refuses some of the metrics, which are lost: three of them are wrong/);
    assert.equal(points(await scrape(app.port))['dropped']! % 3, 0);
    await receiver.behave({ status: 503 });
    await scrapeUntil(app.port, (now) => points(now)['failed']! > 0);
    await receiver.behave({ status: 400 });
    await logged(app, /refuses a batch of metrics, which is lost: it answers 400/);
    const dropped = points(await scrape(app.port))['dropped']!;
    await scrapeUntil(app.port, (now) => points(now)['dropped']! > dropped);
  });

  it('tries again within a push what a busy collector has not taken, without a word', async () => {
    const receiver = await receiving({ status: 503 });
    const app = await start('heap.js', variables(receiver, { OTEL_METRIC_EXPORT_INTERVAL: '4000' }));
    await receiver.until(() => receiver.attempts() === 1);
    await receiver.behave('take');
    await receiver.until((pushes) => pushes.length === 1);
    assert.equal(receiver.attempts(), 2);
    assert.equal(points(await scrape(app.port))['failed'], 0);
    assert.deepEqual(app.log(), []);
  });

  it('leaves a collector alone for as long as that asks for', async () => {
    const receiver = await receiving({ status: 429, headers: { 'retry-after': '3600' } });
    const app = await start('heap.js', variables(receiver, { OTEL_METRIC_EXPORT_INTERVAL: '50' }));
    await logged(app, /cannot be pushed to .*: it answers 429/);
    await pause(500);
    assert.equal(receiver.attempts(), 1);
  });

  it('leaves it alone after a signal, too, that the app does not end by', async () => {
    const receiver = await receiving({ status: 429, headers: { 'retry-after': '3600' } });
    const app = await start('ends.js', variables(receiver, { OTEL_METRIC_EXPORT_INTERVAL: '50' }), { args: ['signal-survived'] });
    await logged(app, /cannot be pushed to .*: it answers 429/);
    app.process.kill('SIGINT');
    await app.said('heard');
    await pause(500);
    assert.equal(receiver.attempts(), 2, 'the second one as the last one that it might have been');
  });

  it('comes from a process that the app forks under a name of its own', async () => {
    const receiver = await receiving();
    await start('forks.js', variables(receiver, { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=host' }), { flags: PRELOAD });
    const names = (): Map<unknown, unknown> =>
      new Map(receiver.pushes.map(({ resource }) => [resource['process.pid'], resource['service.instance.id']]));
    await receiver.until(() => names().size === 2);
    assert.equal(new Set(names().values()).size, 2, [...names().values()].join(', '));
    assert.equal(names().get(String(apps.at(-1)!.process.pid)), 'host');
  });

  it('comes from each worker of a cluster with its own counts, under a name of its own', async () => {
    const receiver = await receiving();
    const app = await start('cluster.js', variables(receiver, { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=host' }));
    const answered = new Map<string, number>();
    for (let request = 0; request < 20; request += 1) {
      const pid = await text(app.port, '/');
      answered.set(pid, (answered.get(pid) ?? 0) + 1);
    }
    const last = (pushes: readonly Push[]): Map<unknown, Push> => new Map(pushes.map((push) => [push.resource['process.pid'], push]));
    // Two of each process: the first may have been collected before the last request.
    for (let round = 0; round < 2; round += 1) {
      const before = receiver.pushes.length;
      await receiver.until((pushes) => last(pushes.slice(before)).size === 3);
    }
    const told = [...last(receiver.pushes).values()];
    assert.deepEqual(
      new Map(told.filter(({ samples }) => requestsIn(samples) > 0).map(({ resource, samples }) => [resource['process.pid'], requestsIn(samples)])),
      answered,
    );
    assert.equal(new Set(told.map(({ resource }) => resource['service.instance.id'])).size, 3, 'the primary and two workers');
  });

  describe('at the end of the process', () => {
    it('tells what was counted until then', async () => {
      for (const [way, signal] of [['end-of-work'], ['signal', 'SIGTERM'], ['signal', 'SIGINT'], ['signal-handled', 'SIGTERM']] as const) {
        const receiver = await receiving();
        const app = await start('ends.js', variables(receiver, { OTEL_METRIC_EXPORT_INTERVAL: '60000' }), { args: [way] });
        if (signal) app.process.kill(signal);
        await app.exited;
        assert.equal(requestsIn(receiver.pushes.at(-1)!.samples), 1, way);
      }
    });

    for (const manner of ['take', 'refuse', 'hang', 'reset', { status: 503 }] as const) {
      it(`changes nothing of it, whatever the collector does: ${JSON.stringify(manner)}`, async () => {
        const receiver = await receiving(manner);
        const ways = [
          ['end-of-work'],
          ['exit'],
          ['throw'],
          ['reject'],
          ['emitted'],
          ['signal', 'SIGTERM'],
          ['signal', 'SIGINT'],
          ['signal-handled', 'SIGTERM'],
        ] as const;
        const end = async (flags: readonly string[], way: string, signal?: NodeJS.Signals): Promise<unknown> => {
          const app = await start('ends.js', variables(receiver), { args: [way], flags });
          if (signal) app.process.kill(signal);
          const { code, signal: died } = await app.exited;
          return { way, code, died };
        };
        const [bare, pushing] = await Promise.all([[], PRELOAD].map((flags) => Promise.all(ways.map(([way, signal]) => end(flags, way, signal)))));
        assert.deepEqual(pushing, bare);
      });
    }

    it('changes nothing of it under tsx, which kills who does not hear of a signal at once', async () => {
      const receiver = await receiving('hang');
      const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs');
      const end = async (flags: readonly string[], way: string): Promise<unknown> => {
        const app = await start('ends.js', variables(receiver), { args: [way], flags: [tsx, ...flags] });
        app.process.kill('SIGTERM');
        return app.exited;
      };
      for (const way of ['signal', 'signal-handled']) assert.deepEqual(await end(PRELOAD, way), await end([], way), way);
    });

    for (const [program, sentence] of [
      ['before-exit.js', "tells the app of an empty event loop as often as it was the app's"],
      ['counts-listeners.js', 'is no listener that the app would count'],
    ] as const) {
      it(sentence, async () => {
        const receiver = await receiving();
        const run = async (flags: readonly string[]): Promise<unknown> => {
          const app = await start(program, variables(receiver), { flags, silent: true });
          if (program === 'counts-listeners.js') {
            await app.said('listening');
            app.process.kill('SIGTERM');
          }
          const exited = await app.exited;
          return { exited, said: app.stdout().replace(/listening \d+/, '') };
        };
        assert.deepEqual(await run(PRELOAD), await run([]));
        assert.ok(receiver.pushes.length > 0);
      });
    }
  });

  describe('to a collector that is away for an hour', () => {
    /** Of a push each minute that would be 60; with further attempts 300. */
    const PUSHES = 800;
    for (const [manner, timeout] of [
      ['refuse', 2000],
      ['hang', 20],
      ['reset', 2000],
      ['garble', 2000],
      [{ status: 503 }, 2000],
    ] as const) {
      it(`keeps nothing, says so once, and once when it is back: ${JSON.stringify(manner)}`, async function () {
        this.timeout(180_000);
        const receiver = await receiving(manner);
        const env = { OTEL_METRIC_EXPORT_INTERVAL: '5', OTEL_EXPORTER_OTLP_TIMEOUT: String(timeout), OTEL_METRIC_EXPORT_TIMEOUT: '1' };
        const app = await start('heap.js', variables(receiver, env), { flags: ['--expose-gc', ...PRELOAD] });
        const heaps: number[] = [];
        for (let quarter = 1; quarter <= 4; quarter += 1) {
          while ((await pushesFailed(app)) < (quarter * PUSHES) / 4) await pause(20);
          heaps.push(Number(await text(app.port, '/heap')));
        }
        assert.ok(heaps[3]! <= heaps[1]! * 1.05, `heap in use at the ends of the quarters: ${heaps.join(', ')}`);
        assert.equal(app.log().length, 1);
        assert.match(app.log()[0]!, /metrics cannot be pushed to http:\/\/127.0.0.1:\d+: .+; said again when they can/);
        await receiver.behave('take');
        await logged(app, / again$/);
        await receiver.until((pushes) => pushes.length > 0);
        assert.match(app.log()[1]!, /metrics are pushed to http:\/\/127.0.0.1:\d+ again/);
        const total = requestsIn(await scrape(app.port));
        await receiver.until((pushes) => requestsIn(pushes.at(-1)!.samples) === total);
      });
    }
  });
});

/** A request of the app's, and how many whole pushes have failed until then. */
async function pushesFailed(app: App): Promise<number> {
  await text(app.port, '/');
  const samples = await scrape(app.port);
  const series = Object.values(seriesOf(samples, 'otel_preload_series')).reduce((all, each) => all + each, 0);
  return points(samples)['failed']! / series;
}
