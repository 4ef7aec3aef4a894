// Makes what ESM imports from CommonJS packages visible to the require hooks.

import Module from 'node:module';
import path from 'node:path';

type Load = (this: unknown, request: string, parent: unknown, isMain: boolean) => unknown;

/**
 * An ESM `import` of a CommonJS package enters the loader as `Module._load(filename, undefined)`, past
 * `Module.prototype.require`, which is where require hooks sit: Express, ioredis and Koa would not be seen in an ESM app.
 * Sent through `require` once, they are. It needs no loader thread and no hooks of the ESM loader; seen right on
 * Node 18.19, 20, 22 and 24. Exports that a hook replaces do not reach an ESM importer, so hooks patch in place.
 */
export function seeEsmImports(): void {
  const loader = Module as unknown as { _load: Load; prototype: { require(this: unknown, id: string): unknown } };
  const load = loader._load;
  const entering = new Set<string>();
  loader._load = function (request, parent, isMain) {
    const imported = parent === undefined && !isMain && path.isAbsolute(request) && !entering.has(request);
    if (!imported) return load.apply(this, arguments as unknown as Parameters<Load>);
    entering.add(request);
    try {
      return loader.prototype.require.call(new Module(request), request);
    } finally {
      entering.delete(request);
    }
  };
}
