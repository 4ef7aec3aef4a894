// Where mutants are tried: a copy of the repository to break, and a folder for what its tests make.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
  #ended = false;

  /** Copies the repository at `root` into `folder`, which it makes. */
  constructor(root, folder) {
    this.copy = path.join(folder, 'copy');
    this.#temporary = path.join(folder, 'temporary');
    fs.mkdirSync(this.#temporary, { recursive: true });
    fs.chmodSync(this.#temporary, 0o1777);
    copyRepository(root, this.copy);
  }

  /** What `npm run build` does, without npm, which would take as long again. Rejects with what the compiler says. */
  async build() {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(this.copy, 'package.json'), 'utf8'));
    const programs = path.join(this.copy, 'node_modules/.bin');
    const { code, output } = await this.#run('sh', ['-c', scripts.build], { PATH: `${programs}${path.delimiter}${process.env.PATH}` });
    if (code !== 0) throw new Error(`does not build: ${output}`);
  }

  /**
   * Runs the named tests, and those alone.
   *
   * @param tests `{ file, title }`: the source of a test, and a part of its full title
   * @param env the addresses of the servers
   * @returns `{ file, title, error }` of each; rejects if they could not be run
   */
  async test(tests, env) {
    const resultsFile = path.join(this.#temporary, 'results.json');
    fs.rmSync(resultsFile, { force: true });
    const files = new Map(tests.map(({ file }) => [path.join(this.copy, compiledOf(this.copy, file)), file]));
    const reporter = path.join(import.meta.dirname, 'reporter.cjs');
    const options = ['--reporter', reporter, '--timeout', String(TIMEOUT_MS), '--exit', '--grep', titlesOf(tests)];
    const mocha = ['node_modules/mocha/bin/mocha.js', ...options, ...files.keys()];
    const { output } = await this.#run(process.execPath, mocha, { ...env, RESULTS_FILE: resultsFile });
    if (!fs.existsSync(resultsFile)) throw new Error(`the tests could not be run: ${output.trim().split('\n').at(-1)}`);
    return JSON.parse(fs.readFileSync(resultsFile, 'utf8')).map(({ compiled, ...result }) => ({ ...result, file: files.get(compiled) }));
  }

  /** Ends what is running; nothing follows it. */
  async end() {
    this.#ended = true;
    const gone = this.#running && once(this.#running, 'close');
    this.#kill();
    await gone;
  }

  /** In a group of its own, which is ended with it: what a hanging test has started would go on. */
  #run(command, args, env) {
    const child = spawn(command, args, {
      cwd: this.copy,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: testEnvironment({ ...env, TMPDIR: this.#temporary }),
    });
    this.#running = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('exit', () => this.#kill());
    return new Promise((resolve) => {
      child.on('close', (code) => {
        this.#running = undefined;
        if (!this.#ended) resolve({ code, output });
      });
    });
  }

  #kill() {
    try {
      if (this.#running) process.kill(-this.#running.pid, 'SIGKILL');
    } catch {
      // It has ended, and all that it started with it.
    }
  }
}

function titlesOf(tests) {
  return tests.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
