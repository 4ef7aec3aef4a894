// Shows hooks the CommonJS modules of the app, each once, when it has been loaded: by require or by import.

import Module from 'node:module';
import { replaceMethod } from '../patch';
import { guarded } from '../log';
import { packageOf, placeOf } from './packages';
import { inRange } from './version-range';

/** A file of a library that a hook wants to see. */
export interface WatchedModule {
  /** A package, which stands for its main file, or `package/path/in/it.js`. */
  readonly name: string;
  /** The versions of the package that the hook knows, such as `>=8.0.3 <9`. */
  readonly versions: string;
  /** Called with the exports once the file is loaded; the app gets the exports that it returns, patched in place where that can be. */
  patch(exports: unknown): unknown;
}

/**
 * Has each module's patch called when the app has loaded that module, and at once if it is loaded already.
 *
 * Not through OpenTelemetry's require-in-the-middle, which wraps `Module.prototype.require`: an import enters the loader past it, and in
 * front of a second SDK's hooks ours would lie above its patches, which it could then not take back, as it does to patch again.
 * `Module.prototype.load` runs once a file and on both ways in, before any such hook: seen on Node 18.19, 20, 22 and 24.
 */
export function watchModules(watched: readonly WatchedModule[]): void {
  const byPackage = new Map<string, WatchedModule[]>();
  for (const each of watched) byPackage.set(packageIn(each.name), [...(byPackage.get(packageIn(each.name)) ?? []), each]);
  const see = (module: NodeJS.Module): void => {
    const place = placeOf(module.filename);
    const wanted = place && byPackage.get(place.name);
    if (wanted !== undefined) patchModule(module, place?.file ?? '', wanted);
  };
  for (const module of Object.values(require.cache)) if (module?.loaded === true) guarded('a loaded module', () => see(module));
  replaceMethod(
    Module.prototype as unknown as { load(this: NodeJS.Module, filename: string): void },
    'load',
    (load) =>
      function (filename) {
        load.call(this, filename);
        guarded('a loaded module', () => see(this));
      },
  );
}

function packageIn(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function patchModule(module: NodeJS.Module, file: string, wanted: readonly WatchedModule[]): void {
  const { name, version, main } = packageOf(module.filename);
  for (const each of wanted) {
    const isMeant = each.name === file || (each.name === name && module.filename === main);
    if (!isMeant || !inRange(version, each.versions)) continue;
    guarded(`the hook of ${name} ${version}`, () => (module.exports = each.patch(module.exports)));
  }
}
