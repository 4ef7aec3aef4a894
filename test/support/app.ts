// Spawns the tiny programs of test/fixtures, with or without the preload, and talks to them from outside.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(__dirname, '../../..');
export const fixtures = path.join(root, 'test/fixtures');

export interface AppOptions {
  /** The node binary; by default the one that runs the tests. */
  readonly node?: string;
  /** Flags before the program; by default `-r @earntrack/otel-preload`. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  /** Added to a clean environment with PROMETHEUS_ENABLED=true; undefined takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Do not wait for `listening PORT`. */
  readonly silent?: boolean;
}

export interface App {
  readonly process: ChildProcess;
  /** The port that the program said it listens on; 0 for silent ones. */
  readonly port: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Lines of the preload's log. */
  readonly log: () => string[];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** The value after `word ` in a line of stdout, waited for. */
  said(word: string): Promise<string>;
  stop(): Promise<void>;
}

export const PRELOAD = ['-r', '@earntrack/otel-preload'];

/** Starts test/fixtures/`name`, which prints `listening PORT` when it is ready. */
export async function startApp(name: string, options: AppOptions = {}): Promise<App> {
  const program = path.isAbsolute(name) ? name : path.join(fixtures, name);
  const child = spawn(options.node ?? process.execPath, [...(options.flags ?? PRELOAD), program, ...(options.args ?? [])], {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: tmpdir(), PROMETHEUS_ENABLED: 'true', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return follow(child, options.silent === true);
}

async function follow(child: ChildProcess, silent: boolean): Promise<App> {
  let out = '';
  let err = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  const exited = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  const said = async (word: string): Promise<string> => {
    const line = new RegExp(`^${word} (.*)$`, 'm');
    let over = false;
    void exited.then(() => (over = true));
    for (;;) {
      const match = line.exec(out);
      if (match) return match[1]!;
      if (over) throw new Error(`the program ended before it said "${word}":\n${out}\n${err}`);
      await Promise.race([once(child.stdout!, 'data'), exited]);
    }
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  };
  try {
    const port = silent ? 0 : Number(await said('listening'));
    return {
      process: child,
      port,
      stdout: () => out,
      stderr: () => err,
      log: () => err.split('\n').filter((line) => line.startsWith('[otel-preload]')),
      exited,
      said,
      stop,
    };
  } catch (failure) {
    await stop();
    throw failure;
  }
}
