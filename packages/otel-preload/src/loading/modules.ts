// Shows hooks the CommonJS modules of the app, each once, after the app has loaded the module: by require or by import.

import Module from 'node:module';
import { replaceMethod } from '../patch';
import { guarded } from '../log';
import { packageOf, placeOf } from './packages';
import { inRange } from './version-range';

/** A file of a library that a hook wants to see. */
export interface WatchedModule {
  /** A package, in place of its main file, or `package/path/in/it.js`. */
  readonly name: string;
  /** The versions of the package that the hook knows, such as `>=8.0.3 <9`. */
  readonly versions: string;
  /** Called with the exports of the loaded file; the app gets the returned exports, patched in place where possible. */
  patch(exports: unknown): unknown;
}

/**
 * Calls each module's patch after the app has loaded the module, and at once if the module is loaded already.
 *
 * Not through OpenTelemetry's require-in-the-middle, which wraps `Module.prototype.require`: an import enters the loader past the wrap, and in
 * front of a second SDK's hooks ours would lie above the SDK's patches. The SDK could then not take its patches back, as before patching again.
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
