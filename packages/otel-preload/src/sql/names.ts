// Reads names at the current token: parts with dots between them, in or without quotes.

import { storedName } from './identifier';
import { DOT, QUOTED, type Tokens, VALUE, WORD } from './tokens';

/** Whether an identifier stands here; keywords count, since only the grammar could tell. */
export function atName(tokens: Tokens): boolean {
  return tokens.at(WORD) || tokens.at(QUOTED);
}

/** Reads `[[database.]schema.]name` and gives the last part. */
export function readName(tokens: Tokens): string | undefined {
  while (atName(tokens)) {
    const part = readPart(tokens);
    if (!tokens.at(DOT)) return part === '' ? undefined : part;
    tokens.next();
  }
  return undefined;
}

/** Reads an identifier, with the UESCAPE that may follow `U&"…"`. */
export function readPart(tokens: Tokens): string {
  const written = tokens.text.slice(tokens.start, tokens.end);
  const mayEscape = tokens.at(QUOTED) && !written.startsWith('"');
  tokens.next();
  if (!mayEscape || tokens.word !== 'uescape') return storedName(written);
  tokens.next();
  const escape = tokens.at(VALUE) ? tokens.text.charAt(tokens.start + 1) : undefined;
  tokens.next();
  return storedName(written, escape);
}
