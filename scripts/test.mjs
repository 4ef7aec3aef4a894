// `npm test`: one PostgreSQL and a few Redis for the whole run, a mocha for each test file, some files side by side, then nothing left behind.
// Arguments go to mocha (`npm test -- --grep websocket`); test files among them, .ts or .js, are run instead of all.
// `--all` adds what `npm test` leaves out: see APART in compiled-tests.mjs.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { allTests, compiledOf, sourceOf } from './compiled-tests.mjs';
import { TestRun } from './test-run.mjs';
import { startServers } from './test-servers.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { prometheusProgram } = createRequire(import.meta.url)('../packages/local-servers');

/** Most tests wait more than they work. Of more than eight, the longest file decides. */
const LANES = Math.min(8, 2 * os.availableParallelism());

const isTest = (argument) => /\.test\.(ts|js)$/.test(argument);

function chosenTests(given, all) {
  return given.some(isTest) ? given.filter(isTest).map((file) => compiledOf(root, path.resolve(file))) : allTests(root, all);
}

async function prometheusPrograms() {
  return {
    TEST_PROMETHEUS: await prometheusProgram('prometheus', console.log),
    TEST_PROMTOOL: await prometheusProgram('promtool', console.log),
  };
}

/** Ends with the number of failures. A signal ends what the tests run, and then the servers; before any test runs it just ends this process. */
async function main() {
  const given = process.argv.slice(2).filter((argument) => argument !== '--all');
  const files = chosenTests(given, process.argv.includes('--all'));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'earntrack-test-'));
  // As open as the system's own: servers that run as another user start in it.
  fs.chmodSync(folder, 0o1777);
  try {
    const { lanes, stop } = await startServers(Math.min(LANES, files.length));
    const programs = await prometheusPrograms();
    const run = new TestRun({ root, folder, files, options: given.filter((argument) => !isTest(argument)) });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => run.end());
    const results = await run.over(lanes.map((env) => ({ ...env, ...programs })));
    await stop();
    return report(results);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints what failed, file by file, and the last line, which CI reads. A run without a test has failed, too. */
function report(results) {
  for (const { file, failures, words } of results) if (failures > 0) console.log(`\n${sourceOf(root, file)}\n${words}`);
  const sum = (count) => results.reduce((total, result) => total + result[count], 0);
  const failed = sum('failures') || (sum('passes') === 0 ? 1 : 0);
  console.log(`\n${sum('passes')} passed, ${failed} failed`);
  return failed;
}

main().then(
  (failed) => process.exit(failed === 0 ? 0 : 1),
  (error) => {
    console.error(error.name === 'ServerUnavailable' ? error.message : error);
    process.exit(1);
  },
);
