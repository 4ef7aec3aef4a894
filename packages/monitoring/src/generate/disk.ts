// Generated files against the disk.

import fs from 'node:fs';
import path from 'node:path';

/** The root of the repository, as seen from the compiled file. */
export const ROOT = path.resolve(__dirname, '../../../../..');

/** Paths of files under `root` that are missing or differ from the generator's output. */
export function stale(files: ReadonlyMap<string, string>, root: string = ROOT): string[] {
  return [...files].filter(([name, content]) => read(path.join(root, name)) !== content).map(([name]) => name);
}

function read(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/** Writes the files under `root`. */
export function write(files: ReadonlyMap<string, string>, root: string = ROOT): void {
  for (const [name, content] of files) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}
