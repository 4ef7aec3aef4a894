// mocha's spec reporter, which also leaves the counts in a file for scripts/test.mjs.
const fs = require('node:fs');
const Mocha = require('mocha');

module.exports = class CountingSpec extends Mocha.reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures } = this.stats;
    fs.writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify({ passes, failures }));
  }
};
