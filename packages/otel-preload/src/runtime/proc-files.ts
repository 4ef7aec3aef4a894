// Linux's figures of this process under /proc; undefined without them, as in a hardened container.

import { readdirSync, readFileSync } from 'node:fs';

/** Sizes from /proc/self/status, in bytes. */
export function readStatus(): { readonly virtual: number | undefined; readonly data: number | undefined } {
  const status = read('/proc/self/status');
  return { virtual: kilobytes(status, /^VmSize:\s+(\d+) kB$/m), data: kilobytes(status, /^VmData:\s+(\d+) kB$/m) };
}

/** The soft limit of open files; undefined also if there is none. */
export function openFilesLimit(): number | undefined {
  const limit = /^Max open files\s+(\d+)\s/m.exec(read('/proc/self/limits'))?.[1];
  return limit === undefined ? undefined : Number(limit);
}

export function openFiles(): number | undefined {
  try {
    // The listing itself holds a descriptor, too.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

function kilobytes(text: string, field: RegExp): number | undefined {
  const value = field.exec(text)?.[1];
  return value === undefined ? undefined : Number(value) * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
