import type { Mutant } from '../mutant';

export const demo: readonly Mutant[] = [
  {
    name: 'demo-visitors-forgotten',
    breaks: 'The demo takes what visitors asked for as a fault of /metrics.',
    file: 'packages/demo/src/run/comparison.ts',
    find: 'const [counted = 0, driver = 0, visitors = 0] = [byMetrics[status], book.driver[status], book.visitors[status]];',
    replace: 'const [counted = 0, driver = 0, visitors = 0] = [byMetrics[status], book.driver[status]];',
    fails: [
      ['packages/demo/test/summary.test.ts', 'finds no difference where visitors have asked'],
      ['packages/demo/test/demo.test.ts', 'ends with 0 and says what visitors asked for'],
    ],
  },
  {
    name: 'demo-agrees-with-anything',
    breaks: 'The demo takes whatever nobody knows of for a visitor, so that it can never disagree.',
    file: 'packages/demo/src/run/comparison.ts',
    find: 'return counted === driver + visitors',
    replace: 'return counted >= driver',
    fails: [
      ['packages/demo/test/summary.test.ts', 'finds that a request of the driver was counted twice'],
      ['packages/demo/test/demo.test.ts', 'ends with 1 and names what differs'],
    ],
  },
];
