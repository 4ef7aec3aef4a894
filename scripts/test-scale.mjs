// `npm run test:scale`: three nodes of Grafana Mimir under load, two of which are killed in turn, where a Mimir can be run: a `mimir` on PATH, or an
// engine (Docker, Podman) for its image. Elsewhere it says that it did not run.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const { mimirHere } = createRequire(import.meta.url)('../packages/scale/dist/src/mimir/here.js');
const TEST = 'packages/scale/dist/test/mimir/three-nodes.js';

const mimir = await mimirHere();
if (typeof mimir === 'string') {
  console.log(`test:scale did not run: ${mimir}. Nothing was tested of Mimir here.`);
} else {
  console.log(`Mimir: ${mimir.program ?? `${mimir.image} with ${mimir.engine}`}`);
  const args = ['node_modules/mocha/bin/mocha.js', '--exit', TEST, ...process.argv.slice(2)];
  const mocha = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_MIMIR: JSON.stringify(mimir) } });
  mocha.on('close', (code) => (process.exitCode = code ?? 1));
}
