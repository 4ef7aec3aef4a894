// mocha's spec reporter, which leaves the counts, and the words about what failed, in a file for scripts/test-run.mjs.
const fs = require('node:fs');
const { Base, Spec } = require('mocha').reporters;

module.exports = class ResultSpec extends Spec {
  epilogue() {
    const { passes, failures } = this.stats;
    fs.writeFileSync(process.env.TEST_RESULT_FILE, JSON.stringify({ passes, failures, words: wordsOf(this.failures) }));
  }
};

/** What mocha would print below its tests. */
function wordsOf(failures) {
  const lines = [];
  const print = Base.consoleLog;
  Base.consoleLog = (...args) => lines.push(require('node:util').format(...args));
  Base.list(failures);
  Base.consoleLog = print;
  return lines.join('\n');
}
