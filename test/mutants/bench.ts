// Where mutants are tried: a copy of the repository to break, and a folder for what its tests make.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../support/app';
import { type Mutant, mutated, type Named, type Result } from './mutant';
import type { Scripts } from './repository';
import { copyRepository } from './scratch-copy';

/** Far more than a test needs that fails; one that is to hang waits as long. */
const TIMEOUT_MS = 20_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export class Bench {
  readonly #copy: string;
  readonly #temporary: string;
  #running: ChildProcess | undefined;
  #ended = false;

  /** Copies the repository into `folder`, which it makes. */
  constructor(
    private readonly scripts: Scripts,
    folder: string,
  ) {
    this.#copy = path.join(folder, 'copy');
    this.#temporary = path.join(folder, 'temporary');
    fs.mkdirSync(this.#temporary, { recursive: true });
    fs.chmodSync(this.#temporary, 0o1777);
    copyRepository(root, this.#copy);
  }

  /** Calls `work` while the copy is built with the mutant in it. Rejects if the mutant does not fit, or does not build. */
  async with<T>(mutant: Mutant, work: () => Promise<T>): Promise<T> {
    const file = path.join(this.#copy, mutant.file);
    fs.writeFileSync(file, mutated(mutant, root));
    try {
      await this.#build();
      return await work();
    } finally {
      fs.copyFileSync(path.join(root, mutant.file), file);
    }
  }

  /** What `npm run build` does, without npm, which would take as long again. Rejects with what the compiler says. */
  async #build(): Promise<void> {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(this.#copy, 'package.json'), 'utf8')) as { scripts: { build: string } };
    const programs = path.join(this.#copy, 'node_modules/.bin');
    const { code, output } = await this.#run('sh', ['-c', scripts.build], { PATH: `${programs}${path.delimiter}${process.env['PATH']}` });
    if (code !== 0) throw new Error(`does not build: ${output}`);
  }

  /**
   * Runs the named tests, and those alone. Rejects if they could not be run.
   *
   * @param env the addresses of the servers
   */
  async test(tests: readonly Named[], env: NodeJS.ProcessEnv): Promise<Result[]> {
    const resultsFile = path.join(this.#temporary, 'results.json');
    fs.rmSync(resultsFile, { force: true });
    const files = new Map(tests.map(([file]) => [path.join(this.#copy, this.scripts.compiledOf(this.#copy, file)), file]));
    const reporter = path.join(__dirname, 'results-reporter.js');
    const options = ['--reporter', reporter, '--timeout', String(TIMEOUT_MS), '--exit', '--grep', titlesOf(tests)];
    const mocha = ['node_modules/mocha/bin/mocha.js', ...options, ...files.keys()];
    const { output } = await this.#run(process.execPath, mocha, { ...env, RESULTS_FILE: resultsFile });
    if (!fs.existsSync(resultsFile)) throw new Error(`the tests could not be run: ${output.trim().split('\n').at(-1)}`);
    const results = JSON.parse(fs.readFileSync(resultsFile, 'utf8')) as (Result & { compiled: string })[];
    return results.map(({ compiled, ...result }) => ({ ...result, file: files.get(compiled) ?? compiled }));
  }

  /** Ends what is running; nothing follows it. */
  async end(): Promise<void> {
    this.#ended = true;
    const gone = this.#running && once(this.#running, 'close');
    this.#kill();
    await gone;
  }

  /** In a group of its own, which is ended with it: what a hanging test has started would go on. */
  #run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Ended> {
    const child = spawn(command, args, {
      cwd: this.#copy,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: this.scripts.testEnvironment({ ...env, TMPDIR: this.#temporary }),
    });
    this.#running = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    child.on('exit', () => this.#kill());
    return new Promise((resolve) => {
      child.on('close', (code) => {
        this.#running = undefined;
        if (!this.#ended) resolve({ code, output });
      });
    });
  }

  #kill(): void {
    try {
      if (this.#running?.pid !== undefined) process.kill(-this.#running.pid, 'SIGKILL');
    } catch {
      // It has ended, and all that it started with it.
    }
  }
}

function titlesOf(tests: readonly Named[]): string {
  return tests.map(([, title]) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}
