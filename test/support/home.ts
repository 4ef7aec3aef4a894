// A folder in which programs of test/fixtures run with other packages than those of this repository.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fixtures, root } from './app';

export interface Home {
  readonly path: string;
  remove(): void;
}

/**
 * Copies the programs, and links the packages: those of `packages`, and the preload.
 *
 * @param programs files of test/fixtures, or `from: to` to name the copy
 * @param packages a `node_modules`; without one there are no other packages
 */
export function makeHome(programs: readonly (string | readonly [from: string, to: string])[], packages?: string): Home {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'home-'));
  for (const program of programs) {
    const [from, to] = typeof program === 'string' ? [program, path.basename(program)] : program;
    fs.copyFileSync(path.join(fixtures, from), path.join(home, to));
  }
  if (packages !== undefined) for (const name of namesIn(packages)) link(home, name, path.join(packages, name));
  link(home, '@earntrack/otel-preload', path.join(root, 'packages/otel-preload'));
  return { path: home, remove: () => fs.rmSync(home, { recursive: true }) };
}

function namesIn(packages: string): string[] {
  const names = fs.readdirSync(packages).filter((name) => !name.startsWith('.') && name !== '@earntrack');
  return names.flatMap((name) => (name.startsWith('@') ? fs.readdirSync(path.join(packages, name)).map((inner) => `${name}/${inner}`) : [name]));
}

function link(home: string, name: string, target: string): void {
  const place = path.join(home, 'node_modules', name);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.symlinkSync(target, place);
}
