// What Linux says of this process under /proc; undefined where it does not, as in a hardened container.

import { readdirSync, readFileSync } from 'node:fs';

/** A size from /proc/self/status, in bytes. */
export function statusBytes(field: 'VmSize' | 'VmData'): number | undefined {
  const kilobytes = matchIn('/proc/self/status', new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm'));
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** The soft limit of open files; undefined also if there is none. */
export function openFilesLimit(): number | undefined {
  const limit = matchIn('/proc/self/limits', /^Max open files\s+(\d+)\s/m);
  return limit === undefined ? undefined : Number(limit);
}

export function openFiles(): number | undefined {
  try {
    // One of them is that of the listing itself.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

function matchIn(file: string, pattern: RegExp): string | undefined {
  try {
    return pattern.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
