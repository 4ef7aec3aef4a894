import type { Mutant } from '../mutant';

export const workers: readonly Mutant[] = [
  {
    name: 'workers-alone',
    breaks: 'A scrape of a cluster worker shows that worker alone.',
    file: 'packages/otel-preload/src/workers/siblings.ts',
    find: 'return mergeShares([own, ...others.filter((one) => one !== undefined)].flatMap(sharesOf));',
    replace: 'return mergeShares([own, ...others.slice(0, 0).filter((one) => one !== undefined)].flatMap(sharesOf));',
    fails: [['test/preload/workers.test.ts', 'are those of all workers, whichever is scraped']],
  },
  {
    name: 'workers-dead-forgotten',
    breaks: 'What a killed worker has counted goes with it.',
    file: 'packages/otel-preload/src/workers/siblings.ts',
    find: '{ families: inherited, ended: true },',
    replace: '{ families: inherited.slice(0, 0), ended: true },',
    fails: [['test/preload/workers.test.ts', 'keep what a killed worker had shown']],
  },
];
