// A copy of the repository in which code may be broken. Its workspaces lead into the copy, so that the programs under test load the
// broken code; every other installed package is the repository's own.

import fs from 'node:fs';
import path from 'node:path';

const LEFT_OUT = new Set(['.git', '.cache', 'coverage']);

/** Copies `root` as it stands, with what is compiled, to `folder`. */
export function copyRepository(root: string, folder: string): void {
  const installed: string[] = [];
  const filter = (source: string): boolean => {
    const name = path.basename(source);
    if (name === 'node_modules') installed.push(path.relative(root, source));
    return name !== 'node_modules' && !LEFT_OUT.has(name);
  };
  // The compiler skips what is not newer than what it made of it.
  fs.cpSync(root, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true, filter });
  for (const place of installed) linkAll(path.join(root, place), path.join(folder, place));
}

/** Links each entry: a workspace, which npm links by a relative path, to that of the copy, and a package to where it lies. */
function linkAll(from: string, to: string): void {
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, link] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory() && entry.name.startsWith('@')) linkAll(source, link);
    else fs.symlinkSync(entry.isSymbolicLink() ? fs.readlinkSync(source) : source, link);
  }
}
