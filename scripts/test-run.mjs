// Runs test files, each in a mocha of its own, as many side by side as there are lanes. It knows no server: a lane is an environment.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { sourceOf } from './compiled-tests.mjs';
import { testEnvironment } from './test-servers.mjs';

// Its real path: what lies behind a link would not know that it is the program.
const MOCHA = fs.realpathSync(path.join(import.meta.dirname, '../node_modules/mocha/lib/cli/cli.js'));
const NODE_OPTIONS = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../.mocharc.json'), 'utf8'))['node-option'];

export class TestRun {
  #running = new Set();
  #ended = false;

  /**
   * @param given `root` of the repository, `folder` for temporary files, compiled `files` from the root, `options` for mocha
   */
  constructor(given) {
    this.given = given;
    this.queue = given.files.entries();
  }

  /** Takes file after file from the queue into each lane. Gives a result for each that was run. */
  async over(lanes) {
    const results = [];
    const work = async (env) => {
      for (const [index, file] of this.queue) {
        if (this.#ended) return;
        results.push(await this.#runFile(file, path.join(this.given.folder, String(index)), env));
      }
    };
    await Promise.all(lanes.map(work));
    return results;
  }

  /** Ends what is running, and begins nothing more. */
  end() {
    this.#ended = true;
    for (const child of this.#running) killGroup(child);
  }

  async #runFile(file, folder, env) {
    const temporary = path.join(folder, 't');
    fs.mkdirSync(temporary, { recursive: true });
    for (const open of [folder, temporary]) fs.chmodSync(open, 0o1777);
    const resultFile = path.join(folder, 'result.json');
    const started = Date.now();
    const { code, output } = await this.#runMocha(file, { ...env, TMPDIR: temporary, TEST_RESULT_FILE: resultFile });
    const result = resultOf(file, resultFile, code);
    if (result.passes + result.failures > 0 && output !== '') console.log(`${headline(this.given.root, file, started)}${output.trimEnd()}`);
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    return result;
  }

  /** In a group of its own, so that it can be ended at once with the programs under test, and whatever a test has left running ends with it. */
  #runMocha(file, env) {
    // --exit: what a failed test leaves open must not hold up the run.
    const args = ['--reporter', 'scripts/test-reporter.cjs', '--exit', ...(process.stdout.isTTY ? ['--color'] : []), ...this.given.options, file];
    const alone = this.given.files.length === 1;
    const child = spawn(process.execPath, [...NODE_OPTIONS.map((name) => `--${name}`), MOCHA, ...args], {
      cwd: this.given.root,
      stdio: ['ignore', alone ? 'inherit' : 'pipe', alone ? 'inherit' : 'pipe'],
      detached: true,
      env: testEnvironment(env),
    });
    this.#running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.on('exit', () => killGroup(child));
    return new Promise((resolve) => {
      child.on('close', (code) => {
        this.#running.delete(child);
        resolve({ code: code ?? 1, output });
      });
    });
  }
}

function killGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, and all that it started with it.
  }
}

/** What the reporter left. A file that a test ended early, or that failed without a failed test, has failed all the same. */
function resultOf(file, resultFile, code) {
  if (!fs.existsSync(resultFile)) return { file, passes: 0, failures: 1, words: `  ended with code ${code} before its tests did` };
  const { passes, failures, words } = JSON.parse(fs.readFileSync(resultFile, 'utf8'));
  if (code === 0 || failures > 0) return { file, passes, failures, words };
  return { file, passes, failures: 1, words: `  ended with code ${code} after its tests` };
}

const headline = (root, file, started) => `\n${sourceOf(root, file)} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
