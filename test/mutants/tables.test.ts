// Mutants rot as the code moves on. Here it is seen that each can still be tried; `npm run test:mutants` tries them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../support/app';
import { mutated, testsOf } from './mutant';
import { scripts } from './repository';
import { mutants } from './table';

/** The full titles in the compiled files, none of them run. */
function titlesIn(files: string[]): { file: string; fullTitle: string }[] {
  const mocha = ['node_modules/mocha/bin/mocha.js', '--dry-run', '--reporter', 'json', ...files];
  const { stdout, stderr } = spawnSync(process.execPath, mocha, { cwd: root, encoding: 'utf8', maxBuffer: Infinity });
  assert.ok(stdout.startsWith('{'), stderr || stdout);
  return (JSON.parse(stdout) as { tests: { file: string; fullTitle: string }[] }).tests;
}

describe('Each mutant', () => {
  it('has a name of its own, and breaks a source file', () => {
    const names = mutants.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted());
    for (const { name, file, breaks } of mutants) assert.match(`${file}: ${breaks}`, /^(?:packages\/[^/]+\/src|scripts)\/\S+: [A-Z].*\.$/, name);
  });

  for (const mutant of mutants) {
    it(`still fits: ${mutant.name}`, () => void mutated(mutant, root));
  }

  it('names tests that there are', async () => {
    const { compiledOf } = await scripts();
    const named = mutants.flatMap((mutant) => testsOf(mutant).map(([file, title]) => ({ name: mutant.name, file, title })));
    assert.ok(mutants.every((mutant) => testsOf(mutant).length > 0));
    const titles = titlesIn([...new Set(named.map(({ file }) => compiledOf(root, file)))]);
    const missing = named.filter(
      ({ file, title }) => !titles.some((test) => test.file === path.join(root, compiledOf(root, file)) && test.fullTitle.includes(title)),
    );
    assert.deepEqual(
      missing.map(({ name, file, title }) => `${name}: ${file} :: ${title}`),
      [],
    );
  });
});
