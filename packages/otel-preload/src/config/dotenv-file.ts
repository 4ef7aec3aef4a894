// `.env` in the working directory: the app's own dotenv reads the file only after the preload. Read only, and only if needed.

import fs from 'node:fs';
import path from 'node:path';
import type { Environment, Say } from './types';
import { reason } from '../log';
import { isBlank } from './parsers';

/** The environment; for variables unset or blank there, the file's values. */
export function completed(environment: Environment, file: Environment): Environment {
  const missing = Object.entries(file).filter(([name]) => isBlank(environment[name]));
  return { ...environment, ...Object.fromEntries(missing) };
}

/**
 * The variables of the file; none without a regular file of that name, or if the file's text does not hold `needed`.
 * A folder called `.env` is a Python environment, and a read of a pipe would rob the app: both are left alone.
 */
export function readDotenv(folder: string, needed: string, say: Say): Environment {
  const file = path.join(folder, '.env');
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) {
      if (needed === '' && stat?.isFIFO()) say('.env', '.env is a pipe and is left to the app: only the real environment counts');
      return {};
    }
    const text = textOf(fs.readFileSync(file));
    return text.includes(needed) ? variablesOf(text, say) : {};
  } catch (thrown) {
    say('.env', `.env cannot be read, so only the real environment counts: ${reason(thrown)}`);
    return {};
  }
}

/** PowerShell 5 writes files as UTF-16. */
function textOf(bytes: Buffer): string {
  return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
}

/**
 * If dotenv cannot read the token's line (`set NAME=…`, or swallowed by a quote left open above the line), the token is blank: otherwise
 * the preload would take the token for unset, and the metrics would be open.
 */
function variablesOf(text: string, say: Say): Environment {
  const { parse } = require('dotenv') as typeof import('dotenv');
  if (/^[^#\n]*\bMETRICS_AUTH_TOKEN\s*=\s*[^'"`\s#][^#\r\n]*(?<=\S)#/m.test(text)) say('.env #', CUT);
  return { ...(/^[^#\n]*\bMETRICS_AUTH_TOKEN\s*[=:]/m.test(text) && { METRICS_AUTH_TOKEN: '' }), ...parse(text) };
}

const CUT = 'METRICS_AUTH_TOKEN in .env ends before its #, which begins a comment: put it in quotes if the # is part of it';
