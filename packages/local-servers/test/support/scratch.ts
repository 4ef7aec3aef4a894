// Temporary folders of the tests, and what can be seen from outside of what they leave behind.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const made: string[] = [];

/** An empty folder that every user may enter and write, as the system's temporary folder is; removed after the tests. */
export function scratch(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'local-servers-test-'));
  made.push(folder);
  fs.chmodSync(folder, 0o1777);
  return folder;
}

after(() => {
  for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

/** Whether the port of `url` on this machine takes connections. */
export function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('connect', () => resolve(socket.destroy() && true));
    socket.on('error', () => resolve(false));
  });
}

/** Waits, as long as the test may take, until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

/** A folder for PATH with everything that is on PATH now, but for the programs named. */
export function pathWithout(...names: string[]): string {
  const folder = scratch();
  for (const from of (process.env.PATH ?? '').split(path.delimiter).toReversed()) {
    for (const name of fs.existsSync(from) ? fs.readdirSync(from) : []) {
      const link = path.join(folder, name);
      fs.rmSync(link, { force: true });
      if (!names.includes(name)) fs.symlinkSync(path.join(from, name), link);
    }
  }
  return folder;
}
