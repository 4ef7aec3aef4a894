// An identifier as PostgreSQL stores the name: folded or unquoted, its escapes resolved, cut to the longest length of names.

/** NAMEDATALEN - 1: the length that PostgreSQL keeps of a longer name, in bytes. */
const MAX_BYTES = 63;
const NOT_ASCII = /[^\0-\x7f]/;

/**
 * The stored name of a written identifier.
 *
 * @param written `Users`, `"Users"` or `U&"\0055sers"`
 * @param escape the escape character of the `U&` form
 */
export function storedName(written: string, escape = '\\'): string {
  const quote = written.indexOf('"');
  if (quote === -1) return truncate(fold(written));
  const inner = written.slice(quote + 1, -1).replaceAll('""', '"');
  return truncate(quote === 0 ? inner : resolveEscapes(inner, escape));
}

/** Only ASCII: in a multibyte encoding PostgreSQL leaves further letters unchanged (downcase_identifier in scansup.c). */
function fold(word: string): string {
  return NOT_ASCII.test(word) ? word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : word.toLowerCase();
}

function truncate(name: string): string {
  // No UTF-16 unit takes more than three bytes.
  if (name.length * 3 <= MAX_BYTES) return name;
  const bytes = Buffer.from(name);
  if (bytes.length <= MAX_BYTES) return name;
  let end = MAX_BYTES;
  while ((bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** `\0061`, `\+000061` and the doubled escape character. Two escaped surrogates join by themselves in UTF-16. */
function resolveEscapes(inner: string, escape: string): string {
  return inner
    .split(escape + escape)
    .map((part) => part.split(escape).map(resolvePart).join(''))
    .join(escape);
}

function resolvePart(part: string, index: number): string {
  const hex = index === 0 ? undefined : /^(?:\+[0-9A-Fa-f]{6}|[0-9A-Fa-f]{4})/.exec(part)?.[0];
  if (hex === undefined) return part;
  const code = Number.parseInt(hex.replace('+', ''), 16);
  return (code <= 0x10ffff ? String.fromCodePoint(code) : '') + part.slice(hex.length);
}
