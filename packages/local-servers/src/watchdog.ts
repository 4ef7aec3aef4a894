// A program of its own: outlives its parent by just long enough to stop the servers that the parent left running.
// Reads lines from its standard input, whose end means the end of the parent, from any cause, SIGKILL included.
import fs from 'node:fs';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line of the watchdog's input: a folder to remove, the process in the folder, and the signal for the process. */
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

/** An ended orphan still answers until its new parent takes note, and a container's first process may never do so. */
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

// Ends with its parent and not before: a signal meant for the parent's group must not take the watchdog first.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', note);
lines.on('close', () => void Promise.allSettled([...watched.values()].map(clear)));
