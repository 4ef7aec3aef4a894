// Tables that programs write into documents: each stands between two markers, and what people wrote around them stays.

import { readFileSync, writeFileSync } from 'node:fs';

/** The text with `body` between `<!-- name:begin … -->` and `<!-- name:end -->`. @throws if the text has no such markers */
export function withMarked(text: string, name: string, body: string): string {
  const marked = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[^]*?(<!-- ${name}:end -->)`);
  if (!marked.test(text)) throw new Error(`there is no <!-- ${name}:begin --> with its end`);
  return text.replace(marked, (_, begin: string, end: string) => `${begin}\n${body}\n\n${end}`);
}

/** Writes `body` between the markers of a file. */
export function writeMarked(file: string, name: string, body: string): void {
  writeFileSync(file, withMarked(readFileSync(file, 'utf8'), name, body));
}
