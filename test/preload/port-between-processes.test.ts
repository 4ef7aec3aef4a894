// METRICS_PORT between processes that share it: launchers and their apps, siblings, users, and an app that starts slowly.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@earntrack/local-servers';
import { fixtures, PRELOAD, startApp, type App, type AppOptions } from '../support/app';
import { scrape, seriesOf } from '../support/exposition';
import { answers, ask, logged, text } from '../support/reachable';
import { until } from '../support/until';

const fixture = (name: string): string => path.join(fixtures, name);

describe('METRICS_PORT between processes', () => {
  const apps: App[] = [];
  const started: number[] = [];

  afterEach(async () => {
    for (const pid of started.splice(0)) end(pid);
    await Promise.all(apps.splice(0).map((app) => app.stop()));
  });

  const start = async (name: string, options: AppOptions): Promise<App> => {
    const app = await startApp(name, { silent: true, ...options });
    apps.push(app);
    return app;
  };
  const startWorker = (port: number, env: AppOptions['env'] = {}): Promise<App> =>
    start('server-none.js', { env: { METRICS_PORT: String(port), ...env } });
  /** A launcher whose server of ours is open; what it starts comes later. */
  const startLauncher = async (port: number, args: readonly string[]): Promise<App> => {
    const launcher = await start('launcher.js', { args, env: { METRICS_PORT: String(port) } });
    await answers(port);
    return launcher;
  };
  const launch = async (launcher: App): Promise<number> => {
    launcher.process.kill('SIGUSR2');
    const pid = Number(await launcher.said('started'));
    started.push(pid);
    return pid;
  };
  const startOf = async (port: number): Promise<number> => seriesOf(await scrape(port), 'process_start_time_seconds')['']!;
  const changes = (port: number, before: number): Promise<void> =>
    until(
      async () => (await startOf(port).catch(() => before)) !== before,
      () => 'the same process serves the port',
      14_000,
    );

  const comesToListen = (app: App): Promise<boolean> => Promise.race([app.said('listening').then(() => true), app.said('failed').then(() => false)]);

  describe('a launcher gives it to what it has started, and no line is said', () => {
    it('to an app that listens on it', async () => {
      const port = await freePort();
      const launcher = await startLauncher(port, [fixture('server-on-command.js'), JSON.stringify({ port })]);
      await launch(launcher);
      assert.equal(await comesToListen(launcher), true);
      assert.equal(await text(port, '/'), 'the app');
      assert.deepEqual(launcher.log(), []);
    });
    it('to an app that listens elsewhere, or nowhere', async () => {
      const port = await freePort();
      const launcher = await startLauncher(port, [fixture('server-none.js')]);
      const before = await startOf(port);
      const child = await launch(launcher);
      await changes(port, before);
      process.kill(child, 'SIGKILL');
      await launcher.said('ended');
      // As long as it takes to open again where nothing is wrong with that.
      await new Promise((resolve) => setTimeout(resolve, 5500));
      await assert.rejects(text(port, '/'), 'a launcher must not hide that its app is down');
      assert.deepEqual(launcher.log(), []);
    });
  });

  it('a parent that measures something keeps it, and what it has started says so', async () => {
    const port = await freePort();
    const parent = await startLauncher(port, ['--measured', fixture('server-none.js')]);
    const before = await startOf(port);
    await launch(parent);
    await until(
      async () => parent.log().length > 0 || (await startOf(port).catch(() => 0)) !== before,
      () => 'no line was said',
      14_000,
    );
    assert.equal(await startOf(port), before);
    assert.match(parent.log()[0]!, /another process holds port \d+.*METRICS_PORT of its own/);
  });

  it('of two workers that share it the first keeps it, and the second has it when that one has ended', async () => {
    const port = await freePort();
    const first = await startWorker(port);
    await answers(port);
    const before = await startOf(port);
    const second = await startWorker(port);
    await logged(second, /another process holds port \d+.*METRICS_PORT of its own/);
    assert.equal(await startOf(port), before);
    await first.stop();
    await changes(port, before);
    assert.equal(second.log().length, 1);
  });

  it('it is given between processes with another TMPDIR each', async () => {
    const port = await freePort();
    const [one, other] = ['one-', 'other-'].map((name) => fs.mkdtempSync(path.join(os.tmpdir(), name)));
    await startWorker(port, { TMPDIR: one });
    await answers(port);
    const env = { METRICS_PORT: String(port), TMPDIR: other };
    assert.equal(await comesToListen(await start('server-on-command.js', { args: [JSON.stringify({ port })], env })), true);
    assert.equal(await text(port, '/'), 'the app');
  });

  it('it is not given to what cannot be told to be of the same user, which gets its error and a line', async () => {
    const port = await freePort();
    const worker = await startWorker(port);
    await answers(port);
    const env = { METRICS_PORT: String(port) };
    const flags = ['-r', fixture('other-user.cjs'), ...PRELOAD];
    const app = await start('server-on-command.js', { flags, args: [JSON.stringify({ port })], env });
    assert.equal(await comesToListen(app), false);
    assert.match(await app.said('failed'), /EADDRINUSE/);
    await logged(app, /port \d+ is taken, and not by a server of the preload's.*another user.*METRICS_PORT of its own/);
    await scrape(port);
    assert.deepEqual(worker.log(), []);
  });

  describe('an app that starts slowly has its port untouched', () => {
    const startSlowly = async (port: number, how: string): Promise<App> => {
      const app = await start('server-slow.js', { args: [String(port), how], env: { METRICS_PORT: String(port) } });
      await app.said('worked');
      await assert.rejects(text(port, '/'));
      return app;
    };
    const listens = async (app: App, port: number): Promise<void> => {
      app.process.kill('SIGUSR2');
      await app.said('listening');
      assert.equal(await text(port, '/health'), 'the app');
      assert.deepEqual(app.log(), []);
    };
    it('while it works, then 503 in its place until it listens', async () => {
      const port = await freePort();
      const app = await startSlowly(port, 'busy');
      app.process.kill('SIGUSR2');
      await answers(port);
      assert.equal((await ask(port, '/health')).status, 503);
      await listens(app, port);
    });
    it('while a framework is loaded that does not listen yet', async () => {
      const port = await freePort();
      await listens(await startSlowly(port, 'waiting'), port);
    });
  });

  describe("the exporter of an OpenTelemetry SDK of the app's own keeps its port, whole", () => {
    type Ports = readonly [exporter: number, app: number];
    const cases: readonly (readonly [
      title: string,
      env: (ports: Ports) => AppOptions['env'],
      ours: 'on PORT' | 'nowhere',
      line: RegExp | undefined,
    ])[] = [
      ['nothing is set', () => ({}), 'on PORT', undefined],
      [
        'OTEL_EXPORTER_PROMETHEUS_PORT is its',
        ([exporter]) => ({ OTEL_EXPORTER_PROMETHEUS_PORT: String(exporter) }),
        'on PORT',
        /exporter's.*first other port/,
      ],
      ['METRICS_PORT is its', ([exporter]) => ({ METRICS_PORT: String(exporter) }), 'nowhere', /exporter's.*not served; set METRICS_PORT to another/],
    ];
    for (const [title, env, ours, line] of cases) {
      for (const later of title === 'nothing is set' ? [[]] : [[], ['later']]) {
        it(`${title}${later.length > 0 ? ', and it starts after our server' : ''}: ours are ${ours}`, async () => {
          const ports: Ports = [await freePort(), await freePort()];
          const app = await start('own-exporter.cjs', { args: [...ports.map(String), ...later], env: env(ports) });
          await answers(ports[1]);
          if (later.length > 0) {
            await answers(ports[0]);
            app.process.kill('SIGUSR2');
          }
          assert.equal(await app.said('exporter'), 'listens');
          const exported = await text(ports[0], '/metrics');
          assert.match(exported, /^orders_total\S* 3/m);
          assert.doesNotMatch(exported, /^nodejs_/m);
          const onPort = await text(ports[1], '/metrics');
          if (ours === 'on PORT') assert.match(onPort, /^nodejs_/m);
          else assert.equal(onPort, 'the app');
          if (line === undefined) assert.deepEqual(app.log(), []);
          else await logged(app, line);
        });
      }
    }
  });
});

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
