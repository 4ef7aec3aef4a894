// Usage: npm run generate [-- --check] [-- --time-scale N --out FOLDER]
// Writes every generated file; with --check writes none and fails at a stale file. With a time scale all durations are shorter by that factor.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { config } from './config';
import { ROOT, stale, write } from './generate/disk';
import { COMMAND, outputs } from './generate/outputs';

function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, 'time-scale': { type: 'string', default: '1' }, out: { type: 'string' } } });
  const timeScale = Number(values['time-scale']);
  if (!(timeScale >= 1)) throw new Error(`--time-scale ${values['time-scale']} is no number from 1: give how many times shorter durations shall be`);
  if (timeScale > 1 && !values.out) throw new Error('--time-scale is for tests and needs --out FOLDER: the checked-in files keep their durations');
  const files = outputs({ ...config, timeScale });
  if (!values.check) return write(files, values.out ? path.resolve(values.out) : ROOT);
  const old = stale(files);
  if (old.length > 0) throw new Error(`${old.join(', ')}: stale. Run \`${COMMAND}\` and commit what it changes`);
}

try {
  main();
} catch (thrown) {
  process.stderr.write(`${(thrown as Error).message}\n`);
  process.exitCode = 1;
}
