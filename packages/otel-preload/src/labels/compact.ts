// Copies a label value, so that the kept value does not keep its source alive: a table's name is a slice of the whole SQL text.

/** Only from this length on, V8 stores a string as a slice of a longer string, or as a chain of shorter strings. */
const CUT_LENGTH = 13;

/** Half of a character beyond the 16-bit characters, as a cut through an emoji leaves. */
const HALF_CHARACTER = /\p{Surrogate}/u;
/** Characters to end a line of the text, or to steer a reader's terminal; the text writer escapes `\n`. */
const CONTROL = /[^\P{Cc}\t\n]|[\u2028\u2029]/u;
const EACH_CONTROL = new RegExp(CONTROL, 'gu');

/** The served text, in memory of its own: U+FFFD replaces control characters and, as in UTF-8, half characters. */
export function compact(text: string): string {
  const whole = text.length < CUT_LENGTH && !HALF_CHARACTER.test(text) ? text : Buffer.from(text).toString();
  return CONTROL.test(whole) ? whole.replace(EACH_CONTROL, '\ufffd') : whole;
}
