import type { Mutant } from '../mutant';

export const localServers: readonly Mutant[] = [
  {
    name: 'browser-without-fonts',
    breaks: 'The test browser knows no font that there is: its pages have no letter on them.',
    file: 'packages/local-servers/src/chromium-fonts.ts',
    find: `const content = [...sources.map((source) => element('dir', source)), element('cachedir', cache), ...Object.entries(FAMILIES).map(prefer)];`,
    replace: `const content = [...sources.map((source) => element('dir', \`\${source}/none\`)), element('cachedir', cache), ...Object.entries(FAMILIES).map(prefer)];`,
    fails: [['packages/local-servers/test/chromium.test.ts', 'draws each sign of our pages']],
  },
  {
    name: 'debian-siblings-left-out',
    breaks: 'What is installed already is left out of the plan, although the program is a link into it.',
    file: 'packages/local-servers/src/debian-packages.ts',
    find: 'of === source && name && name !== packageName',
    replace: 'of === source && name === packageName',
    fails: [['packages/local-servers/test/debian-packages.test.ts', 'comes with what its own source gives']],
  },
  {
    name: 'test-files-in-turn',
    breaks: 'Test files run one after the other.',
    file: 'scripts/test.mjs',
    find: '2 * os.availableParallelism()',
    replace: 'os.availableParallelism() ? 1 : 0',
    hangs: [['packages/local-servers/test/npm-test.test.ts', 'runs files side by side']],
  },
];
