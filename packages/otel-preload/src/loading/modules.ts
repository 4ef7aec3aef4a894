// Shows hooks the CommonJS modules of the app, each once, when it has been loaded: by require or by import.

import Module from 'node:module';
import type { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import { replaceMethod } from '../hooks/hook';
import { guarded } from '../log';
import { packageOf, placeOf } from './packages';
import { inRange } from './version-range';

type Definitions = readonly InstrumentationNodeModuleDefinition[];
type Patch = (exports: unknown, version: string) => unknown;

/** What definitions of packages and of single files have in common. */
interface Patchable {
  readonly supportedVersions: readonly string[];
  readonly patch?: Patch | undefined;
}

/**
 * Has each definition's patch called when the app has loaded that module, and at once if it is loaded already.
 *
 * Not through OpenTelemetry's require-in-the-middle, which wraps `Module.prototype.require`: an import enters the loader past it, and in
 * front of a second SDK's hooks ours would lie above its patches, which it could then not take back, as it does to patch again.
 * `Module.prototype.load` runs once a file and on both ways in, before any such hook: seen on Node 18.19, 20, 22 and 24.
 */
export function watchModules(definitions: Definitions): void {
  const see = (module: NodeJS.Module): void => {
    const place = placeOf(module.filename);
    const wanted = definitions.filter(({ name }) => name === place?.name);
    if (place !== undefined && wanted.length > 0) patchModule(module, place.file, wanted);
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

function patchModule(module: NodeJS.Module, file: string, definitions: Definitions): void {
  const { name, version, main } = packageOf(module.filename);
  for (const patch of patchesOf(definitions, file, version, module.filename === main)) {
    guarded(`the hook of ${name} ${version}`, () => (module.exports = patch(module.exports, version)));
  }
}

function patchesOf(definitions: Definitions, file: string, version: string, isMain: boolean): Patch[] {
  return definitions
    .flatMap((definition): Patchable[] => (isMain ? [definition] : definition.files.filter(({ name }) => name === file)))
    .filter(({ supportedVersions }) => supportedVersions.some((range) => inRange(version, range)))
    .flatMap(({ patch }) => patch ?? []);
}
