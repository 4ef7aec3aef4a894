// Usage: npm run backup [-- FOLDER]            writes FOLDER/prometheus-<time>.tar.gz; default: backups
//        npm run restore -- FILE --yes         replaces what Prometheus has by what it had then
//
// For the Prometheus of compose/docker-compose.yml. It is stopped only while its files are linked, for seconds: a stopped Prometheus has
// nothing in memory, and its snapshot API would need the admin API, with which any web page could delete data on localhost. After the
// restart it writes to new files (a new WAL segment, new chunks), so that the links stay what they were while they are packed.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');

const LINK = `cd /prometheus && rm -rf .backup && mkdir .backup && for each in *; do
  case "$each" in lock | queries.active) ;; *) cp -al "$each" .backup/ || exit 1 ;; esac
done`;
const PACK = 'cd /prometheus/.backup && tar -czf - .';
const UNLINK = 'rm -rf /prometheus/.backup';
// wal: every Prometheus has one, so that a tar of something else is refused.
const UNPACK = `cd /prometheus && rm -rf .restore && mkdir .restore && tar -xzf - -C .restore && [ -d .restore/wal ] || { rm -rf .restore; exit 1; }`;
const SWAP = `cd /prometheus && for each in *; do rm -rf "$each" || exit 1; done && mv .restore/* . && rm -rf .restore`;

/** Runs `docker compose`; resolves to the process and to its success. */
function compose(args, stdio = ['ignore', 'inherit', 'inherit']) {
  const child = spawn('docker', ['compose', ...args], { cwd: root, stdio });
  const done = new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(error.code === 'ENOENT' ? 'docker is not on PATH' : error.message)));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`docker compose ${args[0]} failed with exit code ${code}`))));
  });
  // Whoever waits for the streams first must not find the other's failure unhandled.
  done.catch(() => {});
  return { child, done };
}

/** A script in a container beside Prometheus's, on the same volume: it works whether or not Prometheus runs. */
const inVolume = (script, stdio) => compose(['run', '--rm', '-T', '--no-deps', '--entrypoint', 'sh', 'prometheus', '-c', script], stdio);

async function isRunning() {
  const { child, done } = compose(['ps', '--status', 'running', '--services'], ['ignore', 'pipe', 'inherit']);
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  await done;
  return output.split('\n').includes('prometheus');
}

/** Does the work while Prometheus is down, and starts it again if it ran, whatever happens. */
async function whileStopped(work) {
  const ran = await isRunning();
  if (ran) await compose(['stop', 'prometheus']).done;
  try {
    await work();
  } finally {
    if (ran) await compose(['start', 'prometheus']).done;
  }
}

async function backup(folder) {
  const file = path.join(folder, `prometheus-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.tar.gz`);
  fs.mkdirSync(folder, { recursive: true });
  await whileStopped(() => inVolume(LINK).done);
  try {
    const { child, done } = inVolume(PACK, ['ignore', 'pipe', 'inherit']);
    await Promise.all([pipeline(child.stdout, fs.createWriteStream(`${file}.part`, { mode: 0o600 })), done]);
    fs.renameSync(`${file}.part`, file);
  } finally {
    fs.rmSync(`${file}.part`, { force: true });
    await inVolume(UNLINK).done;
  }
  console.log(`${file} (${Math.ceil(fs.statSync(file).size / 1024)} KiB)`);
}

async function restore(file) {
  const { child, done } = inVolume(UNPACK, ['pipe', 'inherit', 'inherit']);
  // A broken file ends the script before all of it was read.
  await pipeline(fs.createReadStream(file), child.stdin).catch(() => {});
  await done.catch(({ message }) => {
    throw new Error(`${file} is no whole backup (${message}); nothing was changed`);
  });
  await whileStopped(() => inVolume(SWAP).done);
  console.log(`restored ${file}`);
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { restore: { type: 'boolean' }, yes: { type: 'boolean' } } });
  if (!values.restore) return backup(path.resolve(positionals[0] ?? path.join(root, 'backups')));
  const [file] = positionals;
  if (!file || !fs.existsSync(file)) throw new Error(`Which backup? npm run restore -- FILE --yes${file ? `: there is no ${file}` : ''}`);
  if (!values.yes) throw new Error('What Prometheus has now would be replaced. If that is meant: --yes');
  await restore(file);
}

main().catch(({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
