// Patches rot as the code moves on. Here it is seen that each can still be tried; `npm run test:mutants` tries them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../support/app';

interface Mutant {
  name: string;
  patch: string;
  tests: { file: string; title: string }[];
}

const PATCHES = path.join(root, 'test/mutants');
const NOT_IN_ANOTHER_REPOSITORY = { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(root) };

async function allMutants(): Promise<Mutant[]> {
  const { readMutant } = (await import(path.join(root, 'scripts/mutants/mutant.mjs'))) as { readMutant: (patch: string) => Mutant };
  const names = fs.readdirSync(PATCHES).filter((name) => name.endsWith('.patch'));
  return names.map((name) => readMutant(path.join(PATCHES, name)));
}

function misfit({ name, patch }: Mutant): string[] {
  const { stderr } = spawnSync('git', ['apply', '--check', patch], { cwd: root, env: NOT_IN_ANOTHER_REPOSITORY, encoding: 'utf8' });
  return stderr === '' ? [] : [`${name}: ${stderr.trim()}`];
}

/** The full titles in the compiled files, none of them run. */
function titlesIn(files: string[]): { file: string; fullTitle: string }[] {
  const mocha = ['node_modules/mocha/bin/mocha.js', '--dry-run', '--reporter', 'json', ...files];
  const { stdout, stderr } = spawnSync(process.execPath, mocha, { cwd: root, encoding: 'utf8', maxBuffer: Infinity });
  assert.ok(stdout.startsWith('{'), stderr || stdout);
  return (JSON.parse(stdout) as { tests: { file: string; fullTitle: string }[] }).tests;
}

describe('Each mutant', () => {
  it('applies to the code as it is', async () => {
    const mutants = await allMutants();
    assert.notEqual(mutants.length, 0);
    assert.deepEqual(mutants.flatMap(misfit), []);
  });

  it('names tests that there are', async () => {
    const { compiledOf } = (await import(path.join(root, 'scripts/compiled-tests.mjs'))) as {
      compiledOf: (root: string, file: string) => string;
    };
    const named = (await allMutants()).flatMap(({ name, tests }) => tests.map((test) => ({ ...test, name, compiled: compiledOf(root, test.file) })));
    const titles = titlesIn([...new Set(named.map(({ compiled }) => compiled))]);
    const missing = named.filter(
      ({ compiled, title }) => !titles.some(({ file, fullTitle }) => file === path.join(root, compiled) && fullTitle.includes(title)),
    );
    assert.deepEqual(
      missing.map(({ name, file, title }) => `${name}: ${file} :: ${title}`),
      [],
    );
  });
});
