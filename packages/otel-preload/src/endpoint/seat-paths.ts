// The meeting place of a user's processes over a port: Unix sockets in a folder closed to all further users. A process that connects or
// listens there is of the same user and sees the same file system; the containers of a pod do not share a file system.

import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { listen } from '../later';
import { untraced } from '../untraced';

/** The system cuts longer paths without an error: 108 bytes hold a path and its end on Linux, 104 on macOS. */
const LONGEST_PATH = 103;
/** A socket file younger than this may not be listened on yet. */
const NEW_MS = 60_000;

/**
 * The paths for a port, without paths within reach of further users. In /tmp, regardless of TMPDIR, since two processes of a user
 * may have different TMPDIRs; and in TMPDIR, for systems where /tmp is missing or not writable.
 */
export function seatPaths(port: number): string[] {
  const name = `${port}-${networkNamespace()}`;
  // By default nobody but its user may write to a named pipe: Microsoft, "Named Pipe Security and Access Rights".
  if (process.platform === 'win32') return [`\\\\.\\pipe\\otel-preload-port-${name}`];
  return [...new Set(['/tmp', os.tmpdir()])]
    .map(privateFolder)
    .filter((folder) => folder !== undefined)
    .map((folder) => path.join(folder, name))
    .filter((socket) => Buffer.byteLength(socket) <= LONGEST_PATH);
}

function privateFolder(parent: string): string | undefined {
  const user = process.geteuid?.() ?? 0;
  const folder = path.join(parent, `otel-preload-ports-${user}`);
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch {
    // The folder exists already, or cannot be made.
  }
  const found = fs.lstatSync(folder, { throwIfNoEntry: false });
  const isPrivate = found?.isDirectory() === true && found.uid === user && (found.mode & 0o077) === 0;
  return isPrivate ? folder : undefined;
}

/** Two network namespaces may share a folder, each with a port of the same number. */
function networkNamespace(): string {
  try {
    return fs.readlinkSync('/proc/self/ns/net').replace(/\D/g, '');
  } catch {
    return '';
  }
}

/** Removes the sockets of killed processes beside this socket: a restarted container has a new network namespace each time. */
export function removeStale(socket: string): void {
  if (process.platform === 'win32') return;
  const folder = path.dirname(socket);
  for (const other of fs.readdirSync(folder).map((name) => path.join(folder, name))) {
    // A second process may be tidying up, too.
    const found = fs.statSync(other, { throwIfNoEntry: false });
    if (other === socket || found === undefined || Date.now() - found.mtimeMs < NEW_MS) continue;
    const probe = untraced(() => net.connect(other)).unref();
    listen('tidying up', probe, {
      connect: () => probe.destroy(),
      error: ({ code }: NodeJS.ErrnoException) => code === 'ECONNREFUSED' && fs.rmSync(other, { force: true }),
    });
  }
}
