// Where mutants are tried: a copy of the repository to break, and a folder for what its tests make.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { compiledOf } from '../compiled-tests.mjs';
import { testEnvironment } from '../test-servers.mjs';
import { copyRepository } from './scratch-copy.mjs';

/** Far more than a test needs that fails; one that is to hang waits as long. */
const TIMEOUT_MS = 20_000;

export class Bench {
  #temporary;
  #running;

  /** Copies the repository at `root` into `folder`, which it makes. */
  constructor(root, folder) {
    this.copy = path.join(folder, 'copy');
    this.#temporary = path.join(folder, 'temporary');
    fs.mkdirSync(this.#temporary, { recursive: true });
    fs.chmodSync(this.#temporary, 0o1777);
    copyRepository(root, this.copy);
  }

  /**
   * Runs the named tests, and those alone.
   *
   * @param tests `{ file, title }`: the source of a test, and a part of its full title
   * @param env the addresses of the servers
   * @returns `{ file, title, error }` of each; rejects if they could not be run
   */
  async run(tests, env) {
    const resultsFile = path.join(this.#temporary, 'results.json');
    fs.rmSync(resultsFile, { force: true });
    const files = new Map(tests.map(({ file }) => [path.join(this.copy, compiledOf(this.copy, file)), file]));
    const output = await this.#mocha(['--grep', titlesOf(tests), ...files.keys()], { ...env, RESULTS_FILE: resultsFile });
    if (!fs.existsSync(resultsFile)) throw new Error(`the tests could not be run: ${output.trim().split('\n').at(-1)}`);
    return JSON.parse(fs.readFileSync(resultsFile, 'utf8')).map(({ compiled, ...result }) => ({ ...result, file: files.get(compiled) }));
  }

  /** In a group of its own, which is ended with it: what a hanging test has started would go on. */
  async #mocha(args, env) {
    const reporter = path.join(import.meta.dirname, 'reporter.cjs');
    const options = ['--reporter', reporter, '--timeout', String(TIMEOUT_MS), '--exit'];
    this.#running = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...options, ...args], {
      cwd: this.copy,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: testEnvironment({ ...env, TMPDIR: this.#temporary }),
    });
    let output = '';
    for (const stream of [this.#running.stdout, this.#running.stderr]) stream.on('data', (chunk) => (output += chunk));
    await new Promise((resolve) => this.#running.on('exit', resolve));
    this.stop();
    return output;
  }

  /** Ends what is running. */
  stop() {
    const { pid } = this.#running ?? {};
    this.#running = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended, and all that it started with it.
    }
  }
}

function titlesOf(tests) {
  return tests.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
