// Usage: npm run generate [-- --check]
// Writes the generated manifests; with --check writes none and fails at a stale file.

import { stale, write } from '@earntrack/monitoring';
import { outputs } from './outputs';

const files = outputs();
const old = process.argv.includes('--check') ? stale(files) : [];
if (old.length > 0) {
  process.stderr.write(`${old.join(', ')}: stale. Run \`npm run generate\` and commit what it changes\n`);
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) write(files);
