// Starts a server program in a watched folder, waits for its answer, and stops the program. Knows no particular server.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account';
import type { WatchedFolder } from './watched-folder';

/** The command. Its output goes to `log` in the folder, its working directory is the folder. */
export interface ServerProgram {
  command: string;
  args: string[];
  folder: WatchedFolder;
  /** The signal that asks this server to end quickly and cleanly. */
  stopSignal: NodeJS.Signals;
  /** Resolves to true once the server answers; asked again and again until then. */
  ready: () => Promise<boolean>;
  account?: Account;
  /** A file for the program's standard input. */
  input?: string;
}

const READY_MS = 60_000;
const STOP_MS = 10_000;

/**
 * Starts `program` and resolves, as soon as the program is ready, to a function that stops the program and removes its folder (safe to call
 * twice). A running server does not keep this process alive.
 *
 * @throws with the end of the program's own output if the program ends, or does not answer within a minute
 */
export async function startServer(program: ServerProgram): Promise<() => Promise<void>> {
  const child = spawnLogged(program);
  const stop = onlyOnce(() => stopServer(child, program));
  try {
    await untilReady(child, program);
  } catch (thrown) {
    const output = lastOutput(program.folder.path);
    await stop();
    throw new Error(`${path.basename(program.command)} did not start: ${(thrown as Error).message}${output}`, { cause: thrown });
  }
  child.unref();
  return stop;
}

function spawnLogged({ command, args, folder, account, input, stopSignal }: ServerProgram): ChildProcess {
  const log = fs.openSync(path.join(folder.path, 'log'), 'a');
  const stdin = input ? fs.openSync(input, 'r') : undefined;
  // Files, not pipes: a pipe would keep this process alive, and block the server when this process is stopped.
  // Detached: Ctrl-C in a terminal must reach us alone, or the database would be gone before its clients.
  const child = spawn(command, args, {
    stdio: [stdin ?? 'ignore', log, log],
    detached: true,
    cwd: folder.path,
    // PostgreSQL on macOS refuses to start without a valid locale, and error messages are read here.
    env: { ...process.env, LC_ALL: 'C' },
    ...account,
  });
  for (const descriptor of [log, stdin]) if (descriptor !== undefined) fs.closeSync(descriptor);
  if (child.pid) folder.usedBy(child.pid, stopSignal);
  return child;
}

async function untilReady(child: ChildProcess, { ready }: ServerProgram): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)));
  });
  failed.catch(() => {});
  const end = Date.now() + READY_MS;
  while (!(await Promise.race([ready(), failed]))) {
    if (Date.now() > end) throw new Error(`no answer within ${READY_MS / 1000} s`);
    await Promise.race([sleep(25), failed]);
  }
}

function lastOutput(folder: string): string {
  const lines = fs.readFileSync(path.join(folder, 'log'), 'utf8').trim().split('\n').slice(-5).join(' | ');
  return lines && ` (${lines.slice(-600)})`;
}

async function stopServer(child: ChildProcess, { folder, stopSignal }: ServerProgram): Promise<void> {
  if (child.pid && child.exitCode === null && child.signalCode === null) {
    child.ref();
    const exited = once(child, 'exit');
    child.kill(stopSignal);
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(force);
  }
  await folder.remove();
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
