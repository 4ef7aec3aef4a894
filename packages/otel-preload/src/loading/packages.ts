// The package of a file, told from the file's place and from the package.json there.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface Package {
  readonly name: string;
  readonly version: string;
  /** The file that `require(name)` gets; undefined without a main file. */
  readonly main: string | undefined;
}

/** Everything up to the last node_modules, the package's name, and the path within the package. */
const INSIDE = /^(.*[\\/]node_modules[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.+)$/;

const packages = new Map<string, Package>();

/** The name of the file's package, and the file as `name/path/in/package.js`; undefined outside of node_modules. Reads nothing. */
export function placeOf(filename: string): { readonly name: string; readonly file: string } | undefined {
  const match = INSIDE.exec(filename);
  if (match === null) return undefined;
  const [, , name, inner] = match as unknown as [string, string, string, string];
  return { name: slashes(name), file: slashes(`${name}/${inner}`) };
}

/** The package of a file in node_modules. Remembered by folder: each version of a package has its own folder. */
export function packageOf(filename: string): Package {
  const [, folder, name] = INSIDE.exec(filename) as unknown as [string, string, string];
  const root = path.join(folder, name);
  const known = packages.get(root) ?? readPackage(folder, root, slashes(name));
  packages.set(root, known);
  return known;
}

function readPackage(folder: string, root: string, name: string): Package {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { name, version, main: mainOf(folder, name) };
}

function mainOf(folder: string, name: string): string | undefined {
  try {
    return createRequire(path.join(folder, 'any.js')).resolve(name);
  } catch {
    // Only some of its files can be required.
    return undefined;
  }
}

function slashes(name: string): string {
  return name.replaceAll('\\', '/');
}
