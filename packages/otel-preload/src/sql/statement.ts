// The door of this room: statement type and main table of a query text, remembered by text within a fixed amount of memory.

import { NO_TABLE, readStatement, type Statement } from './read-statement';
import { MAX_CHARACTERS } from './tokens';

export { QUERY_TYPES, type Statement } from './read-statement';

/** What one generation may hold. There are two, so at most 1 MiB of text (of one or two bytes a character) is kept. */
const MAX_ENTRIES = 1000;
const MAX_KEPT_CHARACTERS = 256 * 1024;

const UNREADABLE: Statement = { queryType: 'other', table: NO_TABLE };

// Two generations are the cheapest approximation of least-recently-used: a hit costs one lookup and moves nothing.
let young = new Map<string, Statement>();
let old = new Map<string, Statement>();
let kept = 0;

/**
 * The labels of a query: its type (see QUERY_TYPES) and its main table, folded as PostgreSQL folds names.
 *
 * It never throws. Of a text longer than 16 KiB only the beginning is read: what has not appeared by then is `other` or `none`.
 *
 * @param sql the text as given to the client; anything but a string is `other`
 */
export function describeStatement(sql: unknown): Statement {
  if (typeof sql !== 'string') return UNREADABLE;
  // Looking up a long text means hashing all of it, and keeping it means holding it.
  if (sql.length > MAX_CHARACTERS) return readStatement(sql);
  const known = young.get(sql);
  if (known !== undefined) return known;
  return remember(copyOf(sql), old.get(sql) ?? readStatement(sql));
}

/** V8 keeps all of a script alive for each statement that was sliced out of it; a copy keeps only itself. */
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
