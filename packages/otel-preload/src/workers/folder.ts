// The folder shared by the processes of an app, and the check whether a process still lives.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pm2Worker } from '../config/pm2-worker';

/**
 * Makes, or finds, the folder of this process and its siblings: processes with the same parent and the same program.
 *
 * @throws if the folder cannot be made, or foreign users could write to the folder
 */
export function openFolder(): string {
  const mine = path.join(os.tmpdir(), `otel-preload-${process.getuid?.() ?? 0}`);
  make(mine);
  const { uid, mode } = fs.lstatSync(mine);
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o077) !== 0) throw new Error(`${mine} is open to others`);
  for (const name of fs.readdirSync(mine))
    if (!isAlive(name.slice(0, name.lastIndexOf('-')))) fs.rmSync(path.join(mine, name), { recursive: true, force: true });
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  const program = createHash('sha256')
    .update(pm2Worker(process.env)?.program ?? [process.cwd(), ...process.argv.slice(1)].join('\0'))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(mine, `${idOf(process.ppid)}-${program}`);
  make(folder);
  return folder;
}

/** A process as `pid.start`: if the system gives out the same pid again, the start differs. */
export function idOf(pid: number): string {
  return `${pid}.${startOf(pid)}`;
}

export function isAlive(id: string): boolean {
  const [pid = '', start] = id.split('.');
  try {
    process.kill(Number(pid), 0);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(Number(pid)) === start;
}

/** The process's start in clock ticks since boot; proc(5). Elsewhere than on Linux ids are told apart by number alone. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '';
  } catch {
    return '';
  }
}

/** Not `recursive`: where the folder above refuses, as /proc does, Node.js tries again for ever; seen on 20.20. */
function make(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  }
}
