import type { Mutant } from '../mutant';

export const loading: readonly Mutant[] = [
  {
    name: 'loading-earlier-not-seen',
    breaks: 'What was loaded before the preload is not seen.',
    file: 'packages/otel-preload/src/loading/modules.ts',
    find: `for (const module of Object.values(require.cache)) if (module?.loaded === true) guarded('a loaded module', () => see(module));`,
    replace: `for (const module of Object.values(require.cache)) if (module?.loaded !== true && module !== undefined) guarded('a loaded module', () => see(module));`,
    fails: [['test/preload/loaded-before.test.ts', 'are seen as others']],
  },
  {
    name: 'loading-imports-not-seen',
    breaks: 'What an ES module imports is not seen.',
    file: 'packages/otel-preload/src/loading/modules.ts',
    find: `guarded('a loaded module', () => see(this));`,
    replace: `guarded('a loaded module', () => this.parent === undefined || see(this));`,
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 in an ES module count hash fields one by one']],
  },
  {
    name: 'second-sdk-undoes-us',
    breaks: 'Our wraps bear the marks by which a second SDK recognises a wrap and undoes it.',
    file: 'packages/otel-preload/src/patch.ts',
    find: `keep('length', original.length);`,
    replace: `keep('length', original.length);
  keep('__wrapped', true);
  keep('__original', original);
  keep('__unwrap', () => define(owner, name, original));`,
    fails: [['test/preload/second-sdk.test.ts', 'that starts before the app loads its libraries sees what it sees without us']],
  },
];
