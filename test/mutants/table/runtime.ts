import type { Mutant } from '../mutant';

export const runtime: readonly Mutant[] = [
  {
    name: 'lag-wakes-a-process-at-rest',
    breaks: 'The lag of the event loop is sampled a hundred times a second.',
    file: 'packages/otel-preload/src/runtime/event-loop.ts',
    find: 'const RESOLUTION_MS = 50;',
    replace: 'const RESOLUTION_MS = 10;',
    fails: [['packages/otel-preload/test/runtime.test.ts', 'have no lag where there is none: the sampling period is taken off']],
  },
];
