// The lines that the preload can say, as its sources hold them: docs/troubleshooting.md must have each.

import fs from 'node:fs';
import path from 'node:path';
import { root } from '../support/app';

const SOURCES = path.join(root, 'packages/otel-preload/src');
/** The command line prints for a person who has just typed a command. */
const APART = ['cli.ts', 'cli/', 'doctor/', 'remote-write/'];
const CALL = /(?<!function |\w)#?(?:say|sayOnce)\(/g;
/** Texts with fewer characters or words are parts of a line: a unit, a name. */
const SHORTEST = 10;

/** Each line, with `…` for each part that differs from case to case; by the file that says the line. */
export function logLines(): ReadonlyMap<string, readonly string[]> {
  const files = fs.readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const said = files
    .filter((file) => !APART.some((start) => file.startsWith(start)))
    .map((file) => [file, linesIn(fs.readFileSync(path.join(SOURCES, file), 'utf8'))] as const);
  return new Map(said.filter(([, lines]) => lines.length > 0));
}

/** @param source of one file; lines that constants of the file hold are found as well */
export function linesIn(source: string): readonly string[] {
  const calls = [...source.matchAll(CALL)].map(({ index }) => lastArgument(source.slice(source.indexOf('(', index) + 1)));
  const texts = calls.flatMap((call) => [call, ...constantsNamedIn(call, source)]).flatMap(literalsIn);
  return [...new Set(texts.filter((text) => text.trim().split(' ').length > 2 && text.replaceAll('…', '').trim().length >= SHORTEST))];
}

/** The last argument of a call, from the text behind the opening parenthesis: the ones before name a cause. */
function lastArgument(text: string): string {
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if ('\'"`'.includes(character)) at = endOfLiteral(text, at);
    else if ('([{'.includes(character)) depth += 1;
    else if (depth > 0 && ')]}'.includes(character)) depth -= 1;
    else if (character === ')') return text.slice(start, at);
    else if (character === ',' && depth === 0 && text.slice(at + 1).trimStart()[0] !== ')') start = at + 1;
  }
  return '';
}

/** Where the text literal that begins at `at` has its closing quote; a template may hold further templates. */
function endOfLiteral(text: string, at: number): number {
  const quote = text[at];
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === quote) return end;
    else if (quote === '`' && text.startsWith('${', end)) end = endOfValue(text, end);
  }
  return text.length;
}

function endOfValue(text: string, at: number): number {
  for (let end = at + 2; end < text.length; end += 1) {
    if ('\'"`'.includes(text[end]!)) end = endOfLiteral(text, end);
    else if (text[end] === '}') return end;
  }
  return text.length;
}

function constantsNamedIn(call: string, source: string): readonly string[] {
  const names = new Set(call.replace(/'[^']*'/g, '').match(/\b[A-Za-z_]\w+\b/g));
  return [...names].flatMap((name) => new RegExp(`^\\s*const ${name} =\\s*(.*(?:\\n.*)?);$`, 'm').exec(source)?.[1] ?? []);
}

function literalsIn(code: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < code.length; at += 1) {
    if (!'\'"`'.includes(code[at]!)) continue;
    const end = endOfLiteral(code, at);
    found.push(withoutValues(code.slice(at + 1, end)));
    at = end;
  }
  return found;
}

function withoutValues(text: string): string {
  let shown = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('${', at)) {
      shown += '…';
      at = endOfValue(text, at);
    } else if (text[at] !== '\\') shown += text[at];
  }
  return shown;
}
