// A label's value as given by the app → text, without running the app's code.

/** OpenTelemetry's own limit of attributes; a list is a value, not a document. */
const LONGEST_LIST = 128;
/** Longer than any name in a program. Longer texts, such as messages and bodies, would fill memory and every scrape. */
export const LONGEST = 1024;

/** The text; empty for a missing value; undefined for a value that names nothing, such as an object. May throw: a Proxy can be a list. */
export function labelTextOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      // A million digits take seconds to write.
      return BigInt.asIntN(64, value) === value ? String(value) : undefined;
    case 'undefined':
      return '';
    case 'object':
      return value === null ? '' : Array.isArray(value) ? listText(value) : undefined;
    default:
      return undefined;
  }
}

function listText(list: readonly unknown[]): string | undefined {
  if (list.length > LONGEST_LIST) return undefined;
  const texts = Array.from(list, itemText);
  return texts.includes(undefined) ? undefined : `[${texts.join(',')}]`;
}

function itemText(item: unknown): string | undefined {
  if (typeof item === 'object' && item !== null) return undefined;
  const text = labelTextOf(item);
  if (text === '' && typeof item !== 'string') return 'null';
  return typeof item === 'string' && item.length <= LONGEST ? JSON.stringify(item) : text;
}
