// Law 1 where it is easy to break: the same small programs with and without the preload must say the same.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fixtures, PRELOAD, root, startApp, type App } from '../support/app';

const program = path.join(fixtures, 'same-behaviour.cjs');
const cases = require(program) as readonly string[];

async function run(flags: readonly string[], name: string): Promise<Pick<Awaited<App['exited']>, 'code'> & { out: string; err: string }> {
  const app = await startApp('same-behaviour.cjs', { flags, args: [name], silent: true });
  const { code } = await app.exited;
  return { code, out: app.stdout(), err: app.stderr() };
}

describe('An app under the preload', () => {
  for (const name of cases) {
    it(`behaves as without it: ${name}`, async () => {
      assert.deepEqual(await run(PRELOAD, name), await run([], name));
    });
  }

  it('goes on when the preload has something to say and nobody reads stderr any more', async () => {
    const late = 'setTimeout(() => require("node:fs").writeSync(1, "alive"), 300)';
    const child = spawn(process.execPath, [...PRELOAD, '-e', late], {
      cwd: root,
      env: { PATH: process.env['PATH'], PROMETHEUS_ENABLED: 'true', METRICS_PORT: 'nonsense' },
    });
    child.stderr.destroy();
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    assert.deepEqual({ code, out }, { code: 0, out: 'alive' });
  });
});
