// The statement of a text: its type out of a closed list, and its main table.

import { QueryReader } from './query-reader';
import { END, OPEN, SEMICOLON, Tokens, WORD } from './tokens';

/**
 * The values of `query_type`. Every further statement is `other`: transactions, settings, sessions (BEGIN, COMMIT, SAVEPOINT, SET, SHOW,
 * LISTEN, NOTIFY, DISCARD), cursors (DECLARE, FETCH, CLOSE), PREPARE and EXECUTE, EXPLAIN, DO, GRANT, COMMENT, VACUUM and so on.
 * VALUES and TABLE are a `select`; so is SELECT INTO.
 */
export const QUERY_TYPES = [
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'copy',
  'truncate',
  'lock',
  'refresh',
  'call',
  'create',
  'alter',
  'drop',
  'other',
] as const;

export type QueryType = (typeof QUERY_TYPES)[number];

/** The table of a statement without a table. */
export const NO_TABLE = 'none';

export interface Statement {
  readonly queryType: QueryType;
  /** The stored name of the main table, without its schema, or `none`. */
  readonly table: string;
}

const OTHER: Statement = { queryType: 'other', table: NO_TABLE };

/**
 * Reads the type and the main table of a text. Of several statements the first with a type of its own counts, so that
 * `BEGIN; UPDATE …; COMMIT` is an update.
 */
export function readStatement(text: string): Statement {
  const tokens = new Tokens(text);
  do {
    tokens.next();
    const statement = readOne(tokens);
    if (statement !== undefined) return statement;
    while (!tokens.at(SEMICOLON) && !tokens.at(END)) tokens.next();
  } while (!tokens.at(END));
  return OTHER;
}

function readOne(tokens: Tokens): Statement | undefined {
  const reader = new QueryReader(tokens);
  const { word } = tokens;
  switch (word) {
    case 'copy':
      return command(word, readCopy(tokens, reader));
    case 'truncate':
    case 'lock':
      tokens.next();
      return command(word, reader.target('table'));
    case 'refresh':
      tokens.next();
      return command(word, reader.target('materialized', 'view', 'concurrently'));
    case 'call':
      return command(word, undefined);
    case 'create':
    case 'alter':
    case 'drop':
      tokens.next();
      return command(word, readDefinition(tokens, reader, word));
    default:
      return readQuery(reader);
  }
}

function command(queryType: QueryType, table: string | undefined): Statement {
  return { queryType, table: table ?? NO_TABLE };
}

function readQuery(reader: QueryReader): Statement | undefined {
  // EXPLAIN and PREPARE hold queries, and are none.
  if (!reader.atQuery) return undefined;
  const table = reader.query();
  return reader.verb === undefined ? undefined : command(reader.verb, table);
}

/** `COPY t …` or `COPY (query) TO …`. */
function readCopy(tokens: Tokens, reader: QueryReader): string | undefined {
  tokens.next();
  return tokens.at(OPEN) ? reader.query() : reader.target('binary');
}

/** The created, altered or dropped table, view or foreign table, or the table of the index, trigger or policy. */
function readDefinition(tokens: Tokens, reader: QueryReader, verb: 'create' | 'alter' | 'drop'): string | undefined {
  for (; tokens.at(WORD); tokens.next()) {
    switch (tokens.word) {
      case 'table':
      case 'view':
        tokens.next();
        return reader.target('if', 'not', 'exists');
      case 'index':
        return verb === 'create' ? readOn(tokens, reader) : undefined;
      case 'trigger':
      case 'policy':
        return readOn(tokens, reader);
      default:
        if (!MODIFIERS.has(tokens.word)) return undefined;
    }
  }
  return undefined;
}

const MODIFIERS = new Set([
  'or',
  'replace',
  'global',
  'local',
  'temp',
  'temporary',
  'unlogged',
  'recursive',
  'materialized',
  'foreign',
  'unique',
  'constraint',
]);

function readOn(tokens: Tokens, reader: QueryReader): string | undefined {
  while (!tokens.at(END) && !tokens.at(SEMICOLON) && tokens.word !== 'on') tokens.next();
  if (tokens.word !== 'on') return undefined;
  tokens.next();
  return reader.target();
}
