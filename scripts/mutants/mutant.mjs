// A mutant: a small patch that breaks the code behind named tests, as it lies in test/mutants/.
//
//   A sentence that says what is broken.
//
//   Fails: test/truth/http.test.ts :: part of the full title of the tests that have to fail, each of them, by an assertion
//   Hangs: test/preload/fallback.test.ts :: the same, for what can only be broken so that the test waits in vain
//   --- a/packages/otel-preload/src/…
import fs from 'node:fs';
import path from 'node:path';

const SOURCES = /^packages\/[^/]+\/src\//;

/** Reads a patch and its header. Throws if it names no test, or touches anything but the sources. */
export function readMutant(patch) {
  const name = path.basename(patch, '.patch');
  const text = fs.readFileSync(patch, 'utf8');
  const header = text.slice(0, text.search(/^--- a\//m)).trim();
  const sentence = header.split('\n\n', 1)[0].replaceAll('\n', ' ');
  const tests = [...header.matchAll(/^(Fails|Hangs): (\S+) :: (.+)$/gm)].map(([, way, file, title]) => ({ file, title, hangs: way === 'Hangs' }));
  const touched = [...text.matchAll(/^(?:---|\+\+\+) [ab]\/(\S+)/gm)].map(([, file]) => file);
  if (!/^[A-Z].*\.$/.test(sentence) || tests.length === 0) throw new Error(`${patch}: its header has no sentence, or names no test`);
  if (!touched.every((file) => SOURCES.test(file))) throw new Error(`${patch}: it breaks something else than the sources of a package`);
  return { name, patch, sentence, tests };
}

/** Why a test run does not show that the mutant was found, one line each; none if each named test has failed as it should. */
export function complaints({ tests }, results) {
  return tests.flatMap((test) => {
    const matching = results.filter(({ file, title }) => file === test.file && title.includes(test.title));
    if (matching.length === 0) return [`no such test was run: ${test.file} :: ${test.title}`];
    return matching.flatMap((result) => complaint(result, test.hangs));
  });
}

function complaint({ title, error }, hangs) {
  if (error === undefined) return [`survived: ${title}`];
  const code = hangs ? 'ERR_MOCHA_TIMEOUT' : 'ERR_ASSERTION';
  return error.code === code
    ? []
    : [`failed, but not by ${hangs ? 'waiting in vain' : 'an assertion'}: ${title}: ${error.message.split('\n', 1)[0]}`];
}

/** Why the tests of a mutant show nothing: they fail without it too. */
export function failingUnbroken({ tests }, results) {
  const own = results.filter(({ file, title }) => tests.some((test) => test.file === file && title.includes(test.title)));
  return own
    .filter(({ error }) => error !== undefined)
    .map(({ title, error }) => `fails without it too: ${title}: ${error.message.split('\n', 1)[0]}`);
}
