// Writes what became of each test to the file RESULTS_FILE. A hook that fails is the failure of all tests that it was for.
const fs = require('node:fs');
const Mocha = require('mocha');

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_RUN_END } = Mocha.Runner.constants;

/** As mocha wants it, to be called with `new`. */
module.exports = function Results(runner) {
  const results = [];
  const note = (test, error) => results.push({ compiled: test.file, title: test.fullTitle(), error });
  runner.on(EVENT_TEST_PASS, (test) => note(test));
  runner.on(EVENT_TEST_FAIL, (runnable, { code, message }) => {
    const error = { code, message: String(message) };
    if (runnable.type === 'hook') runnable.parent.eachTest((test) => note(test, error));
    else note(runnable, error);
  });
  runner.once(EVENT_RUN_END, () => fs.writeFileSync(process.env.RESULTS_FILE, JSON.stringify(results)));
};
