// `npm test`: one PostgreSQL and one Redis for the whole run, mocha over everything that is built, then nothing left behind.
// Arguments go to mocha (`npm test -- --grep websocket`); test files among them, .ts or .js, are run instead of all.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { compiledOf, suites } from './compiled-tests.mjs';
import { startServers, testEnvironment } from './test-servers.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { prometheusProgram } = createRequire(import.meta.url)('../packages/local-servers');
const COUNTS = 'counts.json';

/** Run by `npm run test:nodes` and `npm run test:go`. */
const APART = ['nodes', 'rehearsal'];

/** The compiled tests whose source still exists: the compiler leaves those of a deleted file behind. */
function allTests() {
  return suites(root).flatMap(([source, compiled]) => {
    if (!fs.existsSync(path.join(root, compiled))) return [];
    const compiledNames = fs.readdirSync(path.join(root, compiled), { recursive: true });
    const names = compiledNames.filter((name) => name.endsWith('.test.js') && !APART.includes(name.split(path.sep)[0]));
    const here = names.filter((name) => fs.existsSync(path.join(root, source, name.replace(/\.js$/, '.ts'))));
    return here.map((name) => path.join(compiled, name)).toSorted();
  });
}

const isTest = (argument) => /\.test\.(ts|js)$/.test(argument);

async function prometheusPrograms() {
  return {
    TEST_PROMETHEUS: await prometheusProgram('prometheus', console.log),
    TEST_PROMTOOL: await prometheusProgram('promtool', console.log),
  };
}

/** In a group of its own, so that it can be ended at once with the programs under test: mocha alone would finish its running test first. */
function runMocha(env, folder) {
  const given = process.argv.slice(2);
  const files = given.some(isTest) ? given.filter(isTest).map((file) => compiledOf(root, path.resolve(file))) : allTests();
  // --exit: what a failed test leaves open must not hold up the run.
  const options = ['--reporter', 'scripts/test-reporter.cjs', '--fail-zero', '--exit', ...given.filter((argument) => !isTest(argument))];
  return spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...options, ...files], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: testEnvironment({ ...env, TMPDIR: folder, TEST_COUNTS_FILE: path.join(folder, COUNTS) }),
  });
}

/** Ends with mocha's code. A signal ends mocha's group, and then the servers; before mocha runs it just ends this process. */
async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'earntrack-test-'));
  // As open as the system's own: servers that run as another user start in it.
  fs.chmodSync(folder, 0o1777);
  try {
    const { env, stop } = await startServers();
    const mocha = runMocha({ ...env, ...(await prometheusPrograms()) }, folder);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.kill(-Number(mocha.pid), 'SIGKILL'));
    const code = await new Promise((resolve) => mocha.on('close', (exit) => resolve(exit ?? 1)));
    await stop();
    return report(folder, code);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the last line, which CI reads. A run that a test ended early, or that failed without a failed test, has failed all the same. */
function report(folder, mochasCode) {
  const countsFile = path.join(folder, COUNTS);
  const counted = fs.existsSync(countsFile);
  const { passes, failures } = counted ? JSON.parse(fs.readFileSync(countsFile, 'utf8')) : { passes: 0, failures: 0 };
  const code = counted ? mochasCode : mochasCode || 1;
  console.log(`${passes} passed, ${Math.max(failures, code === 0 ? 0 : 1)} failed`);
  return code;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.name === 'ServerUnavailable' ? error.message : error);
    process.exit(1);
  },
);
