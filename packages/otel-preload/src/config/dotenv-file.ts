// `.env` in the working directory, which the app's own dotenv reads only after the preload. Read only, and only if it matters.

import fs from 'node:fs';
import path from 'node:path';
import type { Environment, Say } from './types';
import { reason } from '../log';
import { isBlank } from './parsers';

/** The environment, and from the file what the environment leaves unset or blank. */
export function completed(environment: Environment, file: Environment): Environment {
  const missing = Object.entries(file).filter(([name]) => isBlank(environment[name]));
  return { ...environment, ...Object.fromEntries(missing) };
}

/**
 * The variables of the file, or none: without a regular file of that name, or if its text does not hold `needed`.
 * A folder called `.env` is a Python environment, and a pipe would be read in the app's stead: both are left alone.
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
 * A line of the token that dotenv cannot read (`set NAME=…`, or swallowed by a quote that was left open above it) makes it blank: it must
 * not pass for a token that nobody wanted.
 */
function variablesOf(text: string, say: Say): Environment {
  const { parse } = require('dotenv') as typeof import('dotenv');
  if (/^[^#\n]*\bMETRICS_AUTH_TOKEN\s*=\s*[^'"`\s#][^#\r\n]*(?<=\S)#/m.test(text)) say('.env #', CUT);
  return { ...(/^[^#\n]*\bMETRICS_AUTH_TOKEN\s*[=:]/m.test(text) && { METRICS_AUTH_TOKEN: '' }), ...parse(text) };
}

const CUT = 'METRICS_AUTH_TOKEN in .env ends before its #, which begins a comment: put it in quotes if the # is part of it';
