// A program of its own: outlives the process that started it by just long enough to stop what that one left running.
// It reads lines from its standard input, whose end means that the parent is gone, however it went, also by SIGKILL.
import fs from 'node:fs';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** One line of the watchdog's input: a folder to remove, the process that uses it, and how that one is asked to stop. */
export interface Watched {
  folder: string;
  pid?: number;
  signal?: NodeJS.Signals;
  released?: boolean;
}

const GRACE_MS = 5_000;

const watched = new Map<string, Watched>();

function note(line: string): void {
  const entry = JSON.parse(line) as Watched;
  if (entry.released) watched.delete(entry.folder);
  else watched.set(entry.folder, entry);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** An orphan that has ended still answers until its new parent takes note, which a container's first process may never do. */
function ended(pid: number): boolean {
  if (!signal(pid, 0)) return true;
  try {
    return /\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (!ended(pid)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

async function clear({ folder, pid, signal: stop = 'SIGTERM' }: Watched): Promise<void> {
  if (pid && signal(pid, stop) && !(await gone(pid, GRACE_MS))) {
    signal(pid, 'SIGKILL');
    await gone(pid, GRACE_MS);
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

// It ends with its parent and not before: a signal meant for the parent's group must not take the watchdog first.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', note);
lines.on('close', () => void Promise.allSettled([...watched.values()].map(clear)));
