// Law 1 against apps that do to Node.js what no preload expects: all of them, some side by side.

import assert from 'node:assert/strict';
import { assertHarmless, rows } from '../support/hostile';

const ABREAST = 3;

/** What came of each row, begun in their order; the failure, or undefined. */
function outcomes(names: readonly string[]): ReadonlyMap<string, Promise<unknown>> {
  const lanes: Promise<unknown>[] = Array.from({ length: ABREAST }, () => Promise.resolve());
  const all = new Map<string, Promise<unknown>>();
  for (const [position, name] of names.entries()) {
    const lane = position % ABREAST;
    const outcome = lanes[lane]!.then(() => assertHarmless(name)).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    lanes[lane] = outcome;
    all.set(name, outcome);
  }
  return all;
}

describe('Every hostile app is as without the preload, at a scrape too', () => {
  let all: ReadonlyMap<string, Promise<unknown>>;
  before(() => {
    all = outcomes(Object.keys(rows));
  });
  for (const name of Object.keys(rows)) {
    it(name, async () => {
      const failure = await all.get(name);
      assert.ifError(failure);
    });
  }
});
