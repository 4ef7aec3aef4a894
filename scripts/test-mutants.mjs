// `npm run test:mutants`: breaks the code on purpose, one patch of test/mutants/ at a time, and demands that the tests named in it fail.
// In copies of the repository, and against one PostgreSQL and one Redis; the same tests have to pass there first, unbroken.
// Arguments choose patches by a part of their name: `npm run test:mutants -- http`.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Bench } from './mutants/bench.mjs';
import { complaints, failingUnbroken, readMutant } from './mutants/mutant.mjs';
import { applyPatch, revertPatch } from './mutants/scratch-copy.mjs';
import { startServers } from './test-servers.mjs';

const root = path.resolve(import.meta.dirname, '..');
const PATCHES = path.join(root, 'test/mutants');
/** Most tests wait more than they work. */
const BENCHES = 2;

function chosenMutants() {
  const parts = process.argv.slice(2);
  const names = fs
    .readdirSync(PATCHES)
    .filter((name) => name.endsWith('.patch'))
    .toSorted();
  const chosen = names.filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));
  if (chosen.length === 0) throw new Error(`no patch in ${PATCHES} has ${parts.join(' or ') || '.patch'} in its name`);
  return chosen.map((name) => readMutant(path.join(PATCHES, name)));
}

/** Why a mutant does not count as found, one line each; none if it does. */
async function tryMutant(bench, mutant, env) {
  try {
    await applyPatch(bench.copy, mutant.patch);
  } catch (error) {
    return [`${path.relative(root, mutant.patch)} no longer applies: ${(error.stderr || error.message).trim().split('\n', 1)[0]}`];
  }
  try {
    await bench.build();
    return complaints(mutant, await bench.test(mutant.tests, env));
  } catch (error) {
    return [error.message.trim().split('\n', 1)[0]];
  } finally {
    await revertPatch(bench.copy, mutant.patch);
  }
}

/** Tries all of them, and prints a line for each; gives the number of those that were not found. */
async function tryAll(benches, mutants, env) {
  const unbroken = await benches[0].test(
    mutants.flatMap(({ tests }) => tests),
    env,
  );
  console.log(`${unbroken.length} tests on the code as it is, then those of ${mutants.length} mutants`);
  let failed = 0;
  const queue = mutants.values();
  const work = async (bench) => {
    for (const mutant of queue) {
      const failing = failingUnbroken(mutant, unbroken);
      const lines = failing.length > 0 ? failing : await tryMutant(bench, mutant, env);
      console.log([`${lines.length === 0 ? '✔' : '✘'} ${mutant.name}: ${mutant.sentence}`, ...lines].join('\n    '));
      if (lines.length > 0) failed += 1;
    }
  };
  await Promise.all(benches.map(work));
  return failed;
}

/** Whatever ends it, the folder goes; what is left of the servers then is stopped by their own watchdog. */
async function main() {
  const mutants = chosenMutants();
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'earntrack-mutants-')));
  const benches = [];
  const clear = async () => {
    await Promise.all(benches.map((bench) => bench.end()));
    // What has just been killed may be writing for another moment.
    await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => clear().finally(() => process.exit(1)));
  try {
    // Servers that run as another user start in it.
    fs.chmodSync(folder, 0o755);
    for (let i = 0; i < BENCHES; i += 1) benches.push(new Bench(root, path.join(folder, String(i))));
    const [{ env, stop }] = await Promise.all([startServers(), ...benches.map((bench) => bench.build())]);
    const failed = await tryAll(benches, mutants, env);
    await stop();
    console.log(`${mutants.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await clear();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.name === 'ServerUnavailable' ? error.message : error);
    process.exit(1);
  },
);
