// The ends of SQL parts whose inside must stay unread: comments, strings, quoted identifiers. Pure functions over positions;
// each gives the position behind the part, or the text's length if nothing closes the part.

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x27;
const STAR = 0x2a;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;

/** `-- to the end of the line` */
export function lineCommentEnd(text: string, at: number): number {
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return at;
  }
  return at;
}

/** Comments of C's kind nest in PostgreSQL, unlike in C. */
export function blockCommentEnd(text: string, at: number): number {
  let open = 0;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === SLASH && next === STAR) open += 1;
    else if (code === STAR && next === SLASH) open -= 1;
    else continue;
    at += 1;
    if (open === 0) return at + 1;
  }
  return text.length;
}

/** From the quote at `at`; a doubled quote stands for itself. Backslashes are ordinary, as under standard_conforming_strings. */
export function quotedEnd(text: string, at: number, quote: string): number {
  for (;;) {
    const close = text.indexOf(quote, at + 1);
    if (close === -1) return text.length;
    at = close + 1;
    if (text[at] !== quote) return at;
  }
}

/** From the quote of `E'it\'s'`: here a backslash takes the next character along. */
export function escapedEnd(text: string, at: number): number {
  for (at += 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH || (code === QUOTE && text.charCodeAt(at + 1) === QUOTE)) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

/** `$tag$ … $tag$`; undefined if no tag stands at `at`. */
export function dollarQuotedEnd(text: string, at: number): number | undefined {
  const tag = DOLLAR_TAG.exec(text.slice(at, at + MAX_TAG))?.[0];
  if (tag === undefined) return undefined;
  const close = text.indexOf(tag, at + tag.length);
  return close === -1 ? text.length : close + tag.length;
}

const MAX_TAG = 66;
const DOLLAR_TAG = /^\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/;
