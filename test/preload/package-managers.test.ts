// Where else the preload runs: in npm and npx, in threads, in forks, and twice.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '@earntrack/local-servers';
import { PRELOAD, root, startApp, type App, type AppOptions } from '../support/app';
import { scrape, scrapeUntil, seriesOf } from '../support/exposition';
import { makeHome, type Home } from '../support/home';
import { ask, logged } from '../support/reachable';

const WITNESSED = '-r @earntrack/otel-preload -r ./process-witness.cjs';
const ONE = { 'endpoint="unmatched",method="GET",status="200"': 1 };

interface Witnessed {
  readonly program: string;
  readonly thread: boolean;
  readonly preloads: number;
  readonly pid: number;
}

describe('The preload in other programs, threads and processes', () => {
  let home: Home;
  let app: App | undefined;
  before(() => {
    home = makeHome(['processes.cjs', 'process-witness.cjs'], path.join(root, 'node_modules'));
    const bin = path.join(home.path, 'node_modules/.bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'an-app'), `#!/usr/bin/env node\nrequire(${JSON.stringify(path.join(home.path, 'processes.cjs'))});\n`, {
      mode: 0o755,
    });
    fs.writeFileSync(path.join(home.path, 'package.json'), '{"name":"an-app","version":"1.0.0","scripts":{"start":"node processes.cjs"}}');
  });
  after(() => home.remove());
  beforeEach(() => fs.rmSync(witness(), { force: true }));
  afterEach(async () => {
    for (const { pid } of witnessed()) kill(pid);
    await app?.stop();
    app = undefined;
  });

  const witness = (): string => path.join(home.path, 'witness');
  const witnessed = (): Witnessed[] => {
    const lines = fs.existsSync(witness()) ? fs.readFileSync(witness(), 'utf8').trim().split('\n') : [];
    return lines.map((line) => JSON.parse(line) as Witnessed);
  };
  const start = async (args: readonly string[], options: AppOptions = {}): Promise<App> => {
    const env = { WITNESS: witness(), ...options.env };
    app = await startApp(path.join(home.path, 'processes.cjs'), { ...options, args, env, cwd: home.path });
    return app;
  };
  /** A command line, as a shell runs it. */
  const run = (command: string, env: AppOptions['env']): Promise<App> => start([], { node: 'sh', flags: ['-c', command], env });

  for (const command of ['npm start --silent', 'npx --no an-app']) {
    it(`NODE_OPTIONS="-r …" ${command}: the app is measured, on METRICS_PORT, and npm is left alone`, async () => {
      const port = await freePort();
      const { log } = await run(command, { NODE_OPTIONS: WITNESSED, METRICS_PORT: String(port) });
      await ask(port, '/');
      const samples = await scrapeUntil(port, (now) => Object.keys(seriesOf(now, 'http_requests_total')).length > 0);
      assert.deepEqual(seriesOf(samples, 'http_requests_total'), ONE);
      const programs = witnessed().map(({ program, preloads }) => `${program} ${preloads}`);
      assert.deepEqual(programs.slice(-1), [command.startsWith('npm') ? 'processes 1' : 'an-app 1']);
      assert.ok(programs.length > 1, 'npm is a Node.js program itself');
      for (const program of programs.slice(0, -1)) assert.match(program, /^np[mx](-cli)? 0$/);
      assert.deepEqual(log(), []);
    });
  }

  it('a thread is left alone, and the app is measured all the same', async () => {
    const { port, said, log } = await start(['thread'], { flags: WITNESSED.split(' ') });
    await said('asked');
    assert.deepEqual(
      witnessed().map(({ thread, preloads }) => ({ thread, preloads })),
      [
        { thread: false, preloads: 1 },
        { thread: true, preloads: 0 },
      ],
    );
    await ask(port, '/');
    const samples = await scrapeUntil(port, (now) => Object.keys(seriesOf(now, 'http_requests_total')).length > 0);
    assert.deepEqual(seriesOf(samples, 'http_requests_total'), ONE);
    assert.deepEqual(log(), []);
  });

  it('a fork is measured by itself, and serves its metrics on the port that it opens', async () => {
    const { port, said, log } = await start(['fork'], { flags: WITNESSED.split(' ') });
    const forked = Number(await said('asked'));
    assert.deepEqual(seriesOf(await scrape(forked), 'http_requests_total'), ONE);
    assert.deepEqual(seriesOf(await scrape(port), 'http_requests_total'), {});
    assert.deepEqual(log(), []);
  });

  it("a fork that inherits the app's METRICS_PORT leaves it to the app, and says so", async () => {
    const port = await freePort();
    const app = await start(['fork-idle'], { flags: WITNESSED.split(' '), env: { METRICS_PORT: String(port) } });
    await logged(app, /METRICS_PORT of its own/);
    await ask(port, '/');
    assert.deepEqual(seriesOf(await scrape(port), 'http_requests_total'), ONE);
    assert.equal(app.log().length, 1);
  });

  it('given twice, or as two copies of the package, it starts once', async () => {
    const copy = path.join(home.path, 'copy');
    fs.cpSync(path.dirname(require.resolve('@earntrack/otel-preload')), copy, { recursive: true });
    for (const flags of [
      [...PRELOAD, ...PRELOAD],
      [...PRELOAD, '-r', copy],
    ]) {
      const { port, log, stop } = await start([], { flags: [...flags, '-r', './process-witness.cjs'], env: { NODE_OPTIONS: PRELOAD.join(' ') } });
      await ask(port, '/');
      assert.deepEqual(seriesOf(await scrape(port), 'http_requests_total'), ONE);
      assert.equal(witnessed().at(-1)?.preloads, 1);
      assert.deepEqual(log(), []);
      await stop();
    }
  });
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
