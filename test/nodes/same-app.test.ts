// The same app on every Node.js, in CommonJS, ESM and TypeScript, started in every way: the same exposition.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { normalForm } from '../contract/normal-form';
import { root, startApp, type App } from '../support/app';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp-receiver';
import { ask } from '../support/reachable';
import { whatIsTouched } from '../support/untouched';
import { LINES, nodeOf, type NodeLine } from './node-line';

const GOLDEN = fs.readFileSync(path.join(root, 'test/contract/golden.prom'), 'utf8');
const PRELOAD = '@earntrack/otel-preload';
const TSX = 'node_modules/tsx/dist/cli.mjs';
/** Read by timers, or after the first garbage collection. */
const LATE = ['cache_size_bytes', 'job_queue_depth', 'nodejs_gc_duration_seconds'];

/** Not shown while nothing is under way. */
const isSteady = (name: string): boolean => name !== 'nodejs_active_requests';

interface Start {
  readonly flags: readonly string[];
  readonly options?: string;
  readonly programs: readonly string[];
  /** Only where Node.js has what it needs. */
  readonly needs?: (major: number) => boolean;
}

const STARTS: Readonly<Record<string, Start>> = {
  [`node -r ${PRELOAD}`]: { flags: ['-r', PRELOAD], programs: ['all.cjs', 'all.mjs'] },
  [`node --import ${PRELOAD}`]: { flags: ['--import', PRELOAD], programs: ['all.cjs', 'all.mjs'] },
  [`NODE_OPTIONS="-r ${PRELOAD}" node`]: { flags: [], options: `-r ${PRELOAD}`, programs: ['all.cjs', 'all.mjs'] },
  [`node -r ${PRELOAD} --import tsx`]: { flags: ['-r', PRELOAD, '--import', 'tsx'], programs: ['all.ts', 'all.mts'] },
  [`tsx -r ${PRELOAD}`]: { flags: [TSX, '-r', PRELOAD], programs: ['all.ts', 'all.mts'] },
  [`NODE_OPTIONS="-r ${PRELOAD}" tsx`]: { flags: [TSX], options: `-r ${PRELOAD}`, programs: ['all.ts', 'all.mts'] },
  [`node -r ${PRELOAD}, which strips types itself,`]: { flags: ['-r', PRELOAD], programs: ['all.mts'], needs: (major) => major >= 22 },
};

for (const line of LINES) {
  describe(`Node ${line}`, () => {
    let here: NodeLine;
    let receiver: OtlpReceiver;
    before(async function () {
      this.timeout(300_000);
      here = await nodeOf(line);
      receiver = await startOtlpReceiver();
    });
    after(async () => {
      here?.home.remove();
      await receiver?.stop();
    });

    for (const [command, { flags, options, programs, needs = () => true }] of Object.entries(STARTS)) {
      for (const program of needs(Number.parseInt(line, 10)) ? programs : []) {
        it(`${command} ${program}: the golden exposition, scraped and pushed`, async () => {
          receiver.pushes.splice(0);
          const push = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: 'all', OTEL_METRIC_EXPORT_INTERVAL: '300' };
          const app = await start(here, program, { flags, env: { NODE_OPTIONS: options, ...push } });
          try {
            assert.equal(normalForm(await wholeExposition(app)), GOLDEN);
            const scraped = [...GOLDEN.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!).filter(isSteady);
            const pushed = (): string[] => (receiver.pushes.at(-1)?.metrics ?? []).map(({ name }) => name).filter(isSteady);
            await receiver.until(() => pushed().length >= scraped.length);
            assert.deepEqual(pushed(), scraped);
            assert.deepEqual(app.log(), []);
          } finally {
            await end(app);
          }
        });
      }
    }

    it('switched off, nothing is replaced, begun or loaded', async () => {
      const env = { PROMETHEUS_ENABLED: undefined };
      const bare = await whatIsTouched({ node: here.node, env }, []);
      const off = await whatIsTouched({ node: here.node, env }, ['-r', PRELOAD]);
      assert.deepEqual({ ...off, loaded: off.loaded.filter((file) => file !== require.resolve(PRELOAD)) }, bare);
    });
  });
}

function start({ node, home }: NodeLine, program: string, { flags, env }: { flags: readonly string[]; env: NodeJS.ProcessEnv }): Promise<App> {
  const servers = { DATABASE_URL: process.env['TEST_DATABASE_URL'], REDIS_URL: process.env['TEST_REDIS_URL'] };
  return startApp(path.join(home.path, program), { node, flags, cwd: home.path, env: { ...servers, ...env } });
}

/** tsx passes the signal on to the program that it runs. */
async function end(app: App): Promise<void> {
  app.process.kill('SIGTERM');
  await app.exited;
}

async function wholeExposition({ port }: App): Promise<string> {
  for (const end = Date.now() + 20_000; ;) {
    const { body } = await ask(port, '/metrics');
    const missing = LATE.filter((name) => !body.includes(`# TYPE ${name} `));
    if (missing.length === 0) return body;
    assert.ok(Date.now() < end, `not shown: ${missing.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
