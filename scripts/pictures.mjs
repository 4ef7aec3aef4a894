// Usage: npm run pictures [-- NAME]
// Draws the README's pictures into docs/ out of the real demo: its load runs for a few minutes, and meanwhile each file of scripts/pictures draws
// its own.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '..');
const { freePort } = createRequire(import.meta.url)('../packages/local-servers');
const docs = path.join(root, 'docs');

/** The demo on a port of its own. Resolves, when its backend answers, to the port and how to end it. */
async function startDemo() {
  const port = await freePort();
  const demo = spawn(process.execPath, [path.join(root, 'packages/demo/dist/src/cli.js'), '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => demo.on('close', resolve));
  const stop = () => (demo.kill('SIGINT'), ended);
  await new Promise((resolve, reject) => {
    createInterface({ input: demo.stdout }).on('line', (line) => line.startsWith('Metrics ') && resolve());
    void ended.then(() => reject(new Error('the demo ended before it had begun: see npm run demo')));
  });
  return { port, stop };
}

/** Each exports `draw({ port, docs, say })`. */
async function drawings(wanted) {
  const names = readdirSync(path.join(import.meta.dirname, 'pictures')).map((file) => path.basename(file, '.mjs'));
  const chosen = names.filter((name) => wanted === undefined || name === wanted);
  if (chosen.length === 0) throw new Error(`there is no picture ${wanted}: there are ${names.join(', ')}`);
  return Promise.all(chosen.map((name) => import(`./pictures/${name}.mjs`)));
}

async function main() {
  const all = await drawings(process.argv[2]);
  mkdirSync(docs, { recursive: true });
  const demo = await startDemo();
  try {
    await Promise.all(all.map(({ draw }) => draw({ port: demo.port, docs, say: console.log })));
  } finally {
    await demo.stop();
  }
}

main().catch(({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
