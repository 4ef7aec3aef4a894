// A temporary folder, and the process that works in the folder. Neither outlives this process: the watchdog clears both.
// A single mechanism for every end (SIGINT, SIGKILL, exit, an uncaught exception), so that this process needs no handler.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Watched } from './watchdog';

let watchdog: ChildProcess | undefined;
let folders = 0;

function startWatchdog(): ChildProcess {
  // Without NODE_OPTIONS: a preload under test has no business in here.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [path.join(__dirname, 'watchdog.js')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: path.parse(__dirname).root,
    env,
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  (child.stdin as net.Socket).unref();
  return child;
}

function tell(entry: Watched): void {
  watchdog ??= startWatchdog();
  watchdog.stdin!.write(`${JSON.stringify(entry)}\n`);
}

async function dismissWatchdog(): Promise<void> {
  const child = watchdog!;
  watchdog = undefined;
  child.ref();
  child.stdin!.end();
  if (child.pid && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** A folder that {@link WatchedFolder.remove} removes, or the end of this process, from any cause. */
export class WatchedFolder {
  readonly path: string;

  private constructor(place: string) {
    this.path = place;
  }

  /** Makes an empty folder (0700) named `earntrack-<purpose>-…` in `base`. */
  static create(purpose: string, base = os.tmpdir()): WatchedFolder {
    const folder = new WatchedFolder(fs.mkdtempSync(path.join(base, `earntrack-${purpose}-`)));
    folders += 1;
    tell({ folder: folder.path });
    return folder;
  }

  /** Names the process to stop, and the signal, before the folder is removed. */
  usedBy(pid: number, signal: NodeJS.Signals): void {
    tell({ folder: this.path, pid, signal });
  }

  /** Removes the folder, whose process must have ended. The last folder takes the watchdog along. */
  async remove(): Promise<void> {
    await fs.promises.rm(this.path, { recursive: true, force: true, maxRetries: 5 });
    tell({ folder: this.path, released: true });
    folders -= 1;
    if (folders === 0) await dismissWatchdog();
  }
}
