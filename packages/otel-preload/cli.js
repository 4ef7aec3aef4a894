#!/usr/bin/env node
// Here before the bundle is: npm links no command whose file is not there when it installs.

module.exports = require('./package/cli.js');
