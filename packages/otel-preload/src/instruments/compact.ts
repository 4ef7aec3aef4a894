// Label values that are kept must not keep alive what they were cut out of: a table's name is a slice of its whole SQL text.

/** V8 cuts strings out of others, and puts them together of others, only from this length on. */
const CUT_LENGTH = 13;

/** The same text in memory of its own. */
export function compact(text: string): string {
  return text.length < CUT_LENGTH ? text : Buffer.from(text).toString();
}
