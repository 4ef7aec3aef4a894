// The door of this room: statement type and main table of a query text, remembered by text within a fixed amount of memory.

import { NO_TABLE, readStatement, type Statement } from './read-statement';
import { MAX_CHARACTERS } from './tokens';

export { QUERY_TYPES, type Statement } from './read-statement';

/** The size of a generation. There are two, so at most 1 MiB of text (of one or two bytes a character) is kept. */
const MAX_ENTRIES = 1000;
const MAX_KEPT_CHARACTERS = 256 * 1024;

const UNREADABLE: Statement = { queryType: 'other', table: NO_TABLE };

// Two generations are the cheapest approximation of least-recently-used: a hit costs a lookup and moves nothing.
let young = new Map<string, Statement>();
let old = new Map<string, Statement>();
let kept = 0;

/**
 * The labels of a query: its type (see QUERY_TYPES) and its main table, folded as PostgreSQL folds names.
 *
 * Never throws. Reads the first 16 KiB of a longer text: a part beyond is `other` or `none`.
 *
 * @param sql the text as given to the client; anything but a string is `other`
 */
export function describeStatement(sql: unknown): Statement {
  if (typeof sql !== 'string') return UNREADABLE;
  // A look-up of a long text hashes the whole text, and remembering the text holds the text in memory.
  if (sql.length > MAX_CHARACTERS) return readStatement(sql);
  const known = young.get(sql);
  if (known !== undefined) return known;
  return remember(copyOf(sql), old.get(sql) ?? readStatement(sql));
}

/** V8 keeps a whole script alive for each statement sliced out of the script; a copy keeps only itself. */
function copyOf(sql: string): string {
  return Buffer.from(sql).toString();
}

function remember(sql: string, statement: Statement): Statement {
  if (young.size >= MAX_ENTRIES || kept + sql.length > MAX_KEPT_CHARACTERS) {
    old = young;
    young = new Map();
    kept = 0;
  }
  young.set(sql, statement);
  kept += sql.length;
  return statement;
}
