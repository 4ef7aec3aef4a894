// `.env` in the working directory, which the app's own dotenv reads only after the preload. Read only, and only if it matters.

import fs from 'node:fs';
import path from 'node:path';
import type { Say } from './types';
import { reason } from '../log';

/**
 * The variables of the file, or none: without a regular file of that name, or if its text does not hold `needed`.
 * A folder called `.env` is a Python environment, and a pipe would be read in the app's stead: both are left alone.
 */
export function readDotenv(folder: string, needed: string, say: Say): Readonly<Record<string, string>> {
  const file = path.join(folder, '.env');
  try {
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return {};
    const text = fs.readFileSync(file, 'utf8');
    if (!text.includes(needed)) return {};
    const { parse } = require('dotenv') as typeof import('dotenv');
    return parse(text);
  } catch (thrown) {
    say('.env', `.env cannot be read, so only the real environment counts: ${reason(thrown)}`);
    return {};
  }
}
