// Cuts SQL text into the tokens that tell the statement. Follows PostgreSQL's own scanner where strings, comments and
// identifiers hide text, and is lax elsewhere. Never throws, and its work is bounded.

import { blockCommentEnd, dollarQuotedEnd, escapedEnd, lineCommentEnd, quotedEnd } from './spans';

export const END = 0;
/** An identifier without quotes, or a keyword. */
export const WORD = 1;
/** `"identifier"` or `U&"identifier"`. */
export const QUOTED = 2;
/** A string, a number or a parameter. */
export const VALUE = 3;
/** Any further character; operators come character by character. */
export const OPERATOR = 4;
// Punctuation is its own character code.
export const OPEN = 0x28;
export const CLOSE = 0x29;
export const COMMA = 0x2c;
export const DOT = 0x2e;
export const SEMICOLON = 0x3b;

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const AMPERSAND = 0x26;
const QUOTE = 0x27;
const DASH = 0x2d;
const STAR = 0x2a;
const SLASH = 0x2f;

/** How far into a text we read: the main table stands near the start, and a bulk insert may have megabytes of values. */
export const MAX_CHARACTERS = 16 * 1024;
/** Bodies of common table expressions are read again when they are descended into; this bounds the sum. */
const MAX_TOKENS = 10_000;

const SPACE = 10;
const LETTER = 11;
const DIGIT = 12;
const CLASS = characterClasses();
/** Letters, digits, `$` and everything beyond ASCII (128) continue a word. */
const IN_WORD = Uint8Array.from({ length: 129 }, (_, code) =>
  code === 128 || code === DOLLAR || CLASS[code] === LETTER || CLASS[code] === DIGIT ? 1 : 0,
);

export class Tokens {
  kind = END;
  /** The current token is text.slice(start, end). */
  start = 0;
  end = 0;
  /** Parentheses and brackets left open by the current token. */
  depth = 0;
  readonly text: string;
  readonly #cut: boolean;
  #budget = MAX_TOKENS;
  #word = '';
  #wordStart = -1;

  constructor(text: string) {
    this.#cut = text.length > MAX_CHARACTERS;
    this.text = this.#cut ? text.slice(0, MAX_CHARACTERS) : text;
  }

  /** Moves to the next token; at the end stays END. */
  next(): void {
    this.start = this.end = this.#skipBlank();
    this.kind = (this.#budget -= 1) < 0 || this.start >= this.text.length ? END : this.#read();
    // A token cut in two by the limit would be a wrong name.
    if (this.#cut && this.end >= this.text.length) this.kind = END;
  }

  at(kind: number): boolean {
    return this.kind === kind;
  }

  /** The current token in lower case if the token is an unquoted word, else ''. */
  get word(): string {
    if (this.kind !== WORD) return '';
    if (this.#wordStart !== this.start) {
      this.#word = this.text.slice(this.start, this.end).toLowerCase();
      this.#wordStart = this.start;
    }
    return this.#word;
  }

  /** Moves behind the parenthesis that closes depth `inside`. */
  leave(inside: number): void {
    while (this.kind !== END && this.depth >= inside) this.next();
    this.next();
  }

  /** Goes on behind `end`, where `depth` parentheses are open. */
  moveTo(end: number, depth: number): void {
    this.end = end;
    this.depth = depth;
    this.next();
  }

  /** Ends the reading. */
  stop(): void {
    this.#budget = 0;
    this.kind = END;
  }

  #skipBlank(): number {
    const { text } = this;
    for (let at = this.end; ;) {
      const code = text.charCodeAt(at);
      if (CLASS[code] === SPACE) at += 1;
      else if (code === DASH && text.charCodeAt(at + 1) === DASH) at = lineCommentEnd(text, at);
      else if (code === SLASH && text.charCodeAt(at + 1) === STAR) at = blockCommentEnd(text, at);
      else return at;
    }
  }

  #read(): number {
    const code = this.text.charCodeAt(this.start);
    const kind = code < 128 ? CLASS[code]! : LETTER;
    switch (kind) {
      case LETTER:
        return this.#readWord(code | 0x20);
      case DIGIT:
        return this.#readNumber();
      case QUOTE:
        return this.#to(quotedEnd(this.text, this.start, "'"), VALUE);
      case DOUBLE_QUOTE:
        return this.#to(quotedEnd(this.text, this.start, '"'), QUOTED);
      case DOLLAR:
        return this.#readDollar();
      default:
        return this.#readCharacter(kind);
    }
  }

  #readCharacter(kind: number): number {
    if (kind === OPEN || kind === OPEN_BRACKET) this.depth += 1;
    else if (kind === CLOSE || kind === CLOSE_BRACKET) this.depth -= 1;
    return this.#to(this.start + 1, kind);
  }

  /** A word, or a string or identifier announced by a letter: `E''`, `B''`, `X''`, `N''`, `U&''`, `U&""`. */
  #readWord(letter: number): number {
    const { text, start } = this;
    const next = text.charCodeAt(start + 1);
    if (next === QUOTE && letter === 0x65) return this.#to(escapedEnd(text, start + 1), VALUE);
    if (next === QUOTE && (letter === 0x62 || letter === 0x78 || letter === 0x6e)) return this.#to(quotedEnd(text, start + 1, "'"), VALUE);
    if (next === AMPERSAND && letter === 0x75) {
      const quote = text.charCodeAt(start + 2);
      if (quote === DOUBLE_QUOTE) return this.#to(quotedEnd(text, start + 2, '"'), QUOTED);
      if (quote === QUOTE) return this.#to(quotedEnd(text, start + 2, "'"), VALUE);
    }
    return this.#to(this.#wordEnd(start + 1), WORD);
  }

  #readNumber(): number {
    let end = this.#wordEnd(this.start + 1);
    while (this.text.charCodeAt(end) === DOT) end = this.#wordEnd(end + 1);
    return this.#to(end, VALUE);
  }

  #wordEnd(at: number): number {
    const { text } = this;
    // Bounded by the length: charCodeAt behind the end is NaN, and would cost this loop half of its speed.
    while (at < text.length && IN_WORD[Math.min(text.charCodeAt(at), 128)] === 1) at += 1;
    return at;
  }

  /** `$1`, or `$tag$ … $tag$`. */
  #readDollar(): number {
    let digit = this.start + 1;
    while (CLASS[this.text.charCodeAt(digit)] === DIGIT) digit += 1;
    if (digit > this.start + 1) return this.#to(digit, VALUE);
    const end = dollarQuotedEnd(this.text, this.start);
    return end === undefined ? this.#readCharacter(OPERATOR) : this.#to(end, VALUE);
  }

  #to(end: number, kind: number): number {
    this.end = end;
    return kind;
  }
}

function characterClasses(): Uint8Array {
  const classes = new Uint8Array(128).fill(OPERATOR);
  const assign = (characters: string, kind?: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = kind ?? character.charCodeAt(0);
  };
  assign(' \t\n\r\f\v', SPACE);
  assign('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER);
  assign('0123456789', DIGIT);
  assign('(),.;[]\'"$');
  return classes;
}
