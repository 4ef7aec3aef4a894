// Packages that hand `import` a different copy of themselves than `require`: the require hooks never see the imported copy.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { reason, sayOnce } from '../log';

/** The conditions of an `import`; https://nodejs.org/api/packages.html#conditional-exports */
const CONDITIONS = new Set(['node', 'import', 'default']);

/**
 * Calls `see` with the copy of `packageName` that the app imports, before the app can use the copy. Does nothing if the package is missing,
 * or `import` gets the same copy as `require`.
 *
 * This function imports the copy, and a module of ours after the copy in the same graph of modules: no graph of the app's with the copy can be
 * evaluated earlier, since the app's graph has the app's entry to load as well. An `import()` alone is told too late: seen on Node 18 to 24.
 */
export function seeEsmCopy(packageName: string, see: (exports: unknown) => void): void {
  const file = esmCopy(packageName, process.argv[1] ?? process.cwd());
  if (file === undefined) return;
  const door = `@earntrack/otel-preload ${packageName}`;
  Object.defineProperty(globalThis, Symbol.for(door), { value: see, configurable: true });
  const source = `import * as seen from ${JSON.stringify(pathToFileURL(file).href)}; globalThis[Symbol.for(${JSON.stringify(door)})](seen);`;
  import(`data:text/javascript,${encodeURIComponent(source)}`).catch((thrown: unknown) => {
    sayOnce(door, `the imported copy of ${packageName} is not seen: ${reason(thrown)}`);
  });
}

/** The file that an `import` in `program` would get, if `require` would get a different file. */
function esmCopy(packageName: string, program: string): string | undefined {
  let required: string;
  try {
    // As if from inside the program: right for a file and for a folder.
    required = createRequire(path.join(fs.realpathSync(program), 'any.js')).resolve(packageName);
  } catch {
    return undefined;
  }
  const inside = path.normalize(`/node_modules/${packageName}/`);
  const root = required.slice(0, required.lastIndexOf(inside) + inside.length);
  if (!root.endsWith(inside)) return undefined;
  const { exports } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { exports?: Record<string, unknown> };
  const imported = targetOf(exports?.['.']);
  const file = imported === undefined ? required : path.join(root, imported);
  return file === required ? undefined : file;
}

function targetOf(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  for (const [condition, inner] of Object.entries(entry ?? {})) {
    const target = CONDITIONS.has(condition) ? targetOf(inner) : undefined;
    if (target !== undefined) return target;
  }
  return undefined;
}
