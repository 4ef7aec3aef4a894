// A mutant: one place of the sources, broken on purpose, and the tests that must fail then. The rows are in table/.

import fs from 'node:fs';
import path from 'node:path';

/** The source of a test file, and a part of the full titles of its tests that are meant. */
export type Named = readonly [file: string, title: string];

export interface Mutant {
  readonly name: string;
  /** What the broken program does, as a sentence. */
  readonly breaks: string;
  /** A source file of a package, from the root of the repository. */
  readonly file: string;
  /** A text that stands in the file once. */
  readonly find: string;
  readonly replace: string;
  /** Every test named here must fail by an assertion. */
  readonly fails?: readonly Named[];
  /** Every test named here must time out: the fault only shows as a wait in vain. */
  readonly hangs?: readonly Named[];
}

export interface Result {
  readonly file: string;
  readonly title: string;
  readonly error?: { readonly code?: string; readonly message: string };
}

export function testsOf({ fails = [], hangs = [] }: Mutant): readonly Named[] {
  return [...fails, ...hangs];
}

/**
 * The file's text with the mutant in it.
 *
 * @throws if the mutant's text does not stand in the file exactly once
 */
export function mutated({ name, file, find, replace }: Mutant, root: string): string {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${name}: "find" stands in ${file} ${times} times, not once: give it the line that does now what "breaks" says`);
  return text.replace(find, () => replace);
}

/** Why a run of the tests does not show that the mutant was found, a line for each reason; none if each named test failed as it should. */
export function complaints({ fails = [], hangs = [] }: Mutant, results: readonly Result[]): string[] {
  return [
    ...fails.flatMap((named) => complaintsOf(named, results, 'ERR_ASSERTION', 'an assertion')),
    ...hangs.flatMap((named) => complaintsOf(named, results, 'ERR_MOCHA_TIMEOUT', 'waiting in vain')),
  ];
}

function complaintsOf(named: Named, results: readonly Result[], code: string, how: string): string[] {
  const matching = results.filter((result) => isNamed(named, result));
  if (matching.length === 0) return [`no such test was run: ${named.join(' :: ')}`];
  return matching.flatMap(({ title, error }) => {
    if (error === undefined) return [`survived: ${title}`];
    return error.code === code ? [] : [`failed, but not by ${how}: ${title}: ${firstLine(error.message)}`];
  });
}

/** Why the tests of a mutant show nothing: they fail without the mutant too. */
export function failingUnbroken(mutant: Mutant, results: readonly Result[]): string[] {
  return results
    .filter((result) => testsOf(mutant).some((named) => isNamed(named, result)))
    .flatMap(({ title, error }) => (error === undefined ? [] : [`fails without it too: ${title}: ${firstLine(error.message)}`]));
}

const isNamed = ([file, title]: Named, result: Result): boolean => result.file === file && result.title.includes(title);

const firstLine = (text: string): string => text.trim().split('\n', 1)[0] ?? '';
