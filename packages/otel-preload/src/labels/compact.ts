// Label values that are kept must not keep alive what they were cut out of: a table's name is a slice of its whole SQL text.

/** V8 cuts strings out of others, and puts them together of others, only from this length on. */
const CUT_LENGTH = 13;

/** Half of a character beyond the 16-bit ones: what cutting a text at a length leaves of an emoji. */
const HALF_CHARACTER = /\p{Surrogate}/u;
/** What would end a line, or steer the terminal, of whoever looks at the text; `\n` is escaped where it is written. */
const CONTROL = /[^\P{Cc}\t\n]|[\u2028\u2029]/u;
const EACH_CONTROL = new RegExp(CONTROL, 'gu');

/** The same text in memory of its own, as it will be served: U+FFFD stands for half a character, as in UTF-8, and for control characters. */
export function compact(text: string): string {
  const whole = text.length < CUT_LENGTH && !HALF_CHARACTER.test(text) ? text : Buffer.from(text).toString();
  return CONTROL.test(whole) ? whole.replace(EACH_CONTROL, '\ufffd') : whole;
}
