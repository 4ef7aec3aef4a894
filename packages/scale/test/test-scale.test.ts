// `npm run test:scale` itself: what it does without a Mimir, and that its verdict on three nodes can be either. Mimir is not run here.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPrometheus, type Prometheus } from '@earntrack/local-servers';

const SCRIPT = path.resolve(__dirname, '../../../../scripts/test-scale.mjs');

describe('npm run test:scale', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scale-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const program = (name: string, script: string): void => fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  async function run(env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [SCRIPT], { env: { PATH: folder, TMPDIR: os.tmpdir(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  it('says in one line that it did not run where there is neither a mimir nor an engine, and counts nothing as passed', async () => {
    const { code, output } = await run();
    assert.equal(code, 0);
    assert.match(output, /^test:scale did not run: no `mimir` is on PATH, and .+\. Nothing was tested of Mimir here\.\n$/);
  });

  it('takes neither a mimir that does not run for one, nor an engine’s client for an engine', async () => {
    program('mimir', 'exit 1');
    program('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    assert.match((await run()).output, /^test:scale did not run: /);
  });

  describe('with a stand-in for Mimir', () => {
    const stores: Prometheus[] = [];
    before(async () => {
      const start = () => startPrometheus({ config: 'scrape_configs: []\n', flags: ['--web.enable-remote-write-receiver'] });
      stores.push(...(await Promise.all([start(), start(), start(), start()])));
    });
    after(() => Promise.all(stores.map((store) => store.stop())));

    const standIn = (urls: readonly string[]) => {
      program('mimir', `exec '${process.execPath}' '${path.join(__dirname, 'mimir/stand-in.js')}' "$@"`);
      return run({ STAND_IN_STORES: urls.join(), TEST_MIMIR_ROUNDS: '2' });
    };

    it('finds nodes complete that all have everything, whichever is killed', async () => {
      const { url } = stores[0]!;
      const { code, output } = await standIn([url, url, url]);
      assert.equal(code, 0, output);
      assert.match(output, /5 passing/);
      assert.doesNotMatch(output, /failing/);
    });

    it('finds out nodes that answer with what they have alone', async () => {
      const { code, output } = await standIn(stores.slice(1).map(({ url }) => url));
      assert.ok(code !== 0, output);
      assert.match(output, /mimir-1 answers with \d+ samples; \d+ were taken before it was asked/);
    });
  });
});
