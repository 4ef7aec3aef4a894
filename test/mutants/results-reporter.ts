// Writes what became of each test to the file RESULTS_FILE. A hook that fails is the failure of all tests that it was for.

import fs from 'node:fs';
import Mocha from 'mocha';

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_RUN_END } = Mocha.Runner.constants;

type Failure = Error & { code?: string };

/** As mocha wants it, to be called with `new`. */
export = function Results(runner: Mocha.Runner): void {
  const results: object[] = [];
  const note = (test: Mocha.Runnable, error?: object): unknown => results.push({ compiled: test.file, title: test.fullTitle(), error });
  runner.on(EVENT_TEST_PASS, (test) => note(test));
  runner.on(EVENT_TEST_FAIL, (runnable: Mocha.Runnable, { code, message }: Failure) => {
    const error = { code, message };
    if ((runnable as { type?: string }).type === 'hook') runnable.parent?.eachTest((test) => note(test, error));
    else note(runnable, error);
  });
  runner.once(EVENT_RUN_END, () => fs.writeFileSync(String(process.env['RESULTS_FILE']), JSON.stringify(results)));
};
