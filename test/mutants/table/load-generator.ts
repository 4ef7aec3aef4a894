import type { Mutant } from '../mutant';

export const loadGenerator: readonly Mutant[] = [
  {
    name: 'scale-infinite-bucket-forgotten',
    breaks: 'The sizing formula forgets the bucket +Inf.',
    file: 'packages/scale/src/shape.ts',
    find: 'return boundaries === undefined ? 1 : boundaries.length + 3;',
    replace: 'return boundaries === undefined ? 1 : boundaries.length + 2;',
    fails: [['test/truth/series.test.ts', 'are what the formula says for what the app has, to the last one']],
  },
  {
    name: 'scale-refused-counted-as-sent',
    breaks: 'The load generator counts as sent what the receiver refused.',
    file: 'packages/scale/src/remote-write.ts',
    find: `if (!response.ok) throw new Error(\`\${response.status} \${words.trim().split('\\n')[0]!.slice(0, 200)}\`);`,
    replace: `if (response.status >= 500) throw new Error(\`\${response.status} \${words.trim().split('\\n')[0]!.slice(0, 200)}\`);`,
    fails: [['packages/scale/test/load.test.ts', 'says once what the receiver said, counts what was refused, and fails']],
  },
  {
    name: 'scale-targets-own-series-forgotten',
    breaks: 'The sizing arithmetic forgets a series that Prometheus adds to each target.',
    file: 'packages/scale/src/sizing.ts',
    find: 'const SERIES_A_TARGET = 5;',
    replace: 'const SERIES_A_TARGET = 4;',
    fails: [['packages/scale/test/sizing.test.ts', 'has the series right, to the last one']],
  },
];
