// Label values that are kept must not keep alive what they were cut out of: a table's name is a slice of its whole SQL text.

/** V8 cuts strings out of others, and puts them together of others, only from this length on. */
const CUT_LENGTH = 13;

/** Half of a character beyond the 16-bit ones: what cutting a text at a length leaves of an emoji. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** The same text in memory of its own, as it will be served: of half a character UTF-8 makes U+FFFD. */
export function compact(text: string): string {
  return text.length < CUT_LENGTH && !HALF_CHARACTER.test(text) ? text : Buffer.from(text).toString();
}
