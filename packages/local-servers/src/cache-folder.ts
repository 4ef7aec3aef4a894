// Where downloaded programs are kept between runs. This file only names and makes the folder; the content belongs to its makers.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const NAME = 'earntrack-otel-preload';

/**
 * The absolute path of the cache folder, which exists and is writable: `EARNTRACK_CACHE`, else `$XDG_CACHE_HOME`, else `~/.cache`, else
 * (no home, or a read-only home) a folder of this user's own in the system's temporary folder.
 *
 * @throws if EARNTRACK_CACHE names a read-only folder, since a silent second choice would surprise the user
 */
export function cacheFolder(): string {
  const chosen = process.env.EARNTRACK_CACHE;
  if (chosen) {
    if (writable(chosen)) return path.resolve(chosen);
    throw new Error(`EARNTRACK_CACHE=${chosen} cannot be written: name another folder, or unset it`);
  }
  return homeCache() ?? temporaryCache();
}

function homeCache(): string | undefined {
  // The XDG base directory specification: a relative XDG_CACHE_HOME is invalid and ignored.
  const xdg = process.env.XDG_CACHE_HOME;
  const base = xdg && path.isAbsolute(xdg) ? xdg : process.env.HOME && path.join(process.env.HOME, '.cache');
  const folder = base && path.join(base, NAME);
  return folder && writable(folder) ? folder : undefined;
}

function temporaryCache(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = path.join(os.tmpdir(), `${NAME}-${uid}`);
  // The name is predictable and the place is everyone's: another user's folder there could hold programs of their making.
  if (writable(folder) && fs.lstatSync(folder).uid === uid) return folder;
  throw new Error(`no folder to keep downloads in (${folder} is not ours): set EARNTRACK_CACHE`);
}

function writable(folder: string): boolean {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
