// Common table expressions: the reader takes WITH as a list of names, and reads a body only when the query turns out to read from the name.

import { atName, readPart } from './names';
import { COMMA, END, OPEN, type Tokens, WORD } from './tokens';

/** An expression of a WITH, linked to the expressions before and around. */
export interface CommonTable {
  readonly name: string;
  readonly outer: CommonTable | undefined;
  /** Where its body begins. */
  readonly body: number;
  readonly depth: number;
  /** The names that the body can see: without RECURSIVE, not its own. */
  scope: CommonTable | undefined;
  read: boolean;
  table: string | undefined;
}

/** Reads the WITH at the current token and gives the names that the following statement can see. */
export function readWith(tokens: Tokens, scope: CommonTable | undefined): CommonTable | undefined {
  tokens.next();
  const recursive = tokens.word === 'recursive';
  if (recursive) tokens.next();
  let head = scope;
  for (let next = readOne(tokens, head); next !== undefined; next = tokens.at(COMMA) ? readAfterComma(tokens, head) : undefined) head = next;
  if (recursive) letAllSee(head, scope);
  return head;
}

/** With RECURSIVE each body sees all of its WITH. */
function letAllSee(head: CommonTable | undefined, outside: CommonTable | undefined): void {
  for (let each = head; each !== undefined && each !== outside; each = each.outer) each.scope = head;
}

export function findCommonTable(name: string, scope: CommonTable | undefined): CommonTable | undefined {
  let each = scope;
  while (each !== undefined && each.name !== name) each = each.outer;
  return each;
}

function readAfterComma(tokens: Tokens, outer: CommonTable | undefined): CommonTable | undefined {
  tokens.next();
  return readOne(tokens, outer);
}

/** `name [(columns)] AS [[NOT] MATERIALIZED] (body) [SEARCH …] [CYCLE …]` */
function readOne(tokens: Tokens, outer: CommonTable | undefined): CommonTable | undefined {
  if (!atName(tokens)) return undefined;
  const name = readPart(tokens);
  if (tokens.at(OPEN)) tokens.leave(tokens.depth);
  while (tokens.at(WORD)) tokens.next();
  if (!tokens.at(OPEN)) return undefined;
  const table: CommonTable = { name, outer, body: tokens.end, depth: tokens.depth, scope: outer, read: false, table: undefined };
  tokens.leave(tokens.depth);
  // Their column lists have commas too.
  passClause(tokens, 'search', 'set');
  passClause(tokens, 'cycle', 'using');
  return table;
}

/** Moves behind `first … last column`, if these words stand here. */
function passClause(tokens: Tokens, first: string, last: string): void {
  if (tokens.word !== first) return;
  while (!tokens.at(END) && tokens.word !== last) tokens.next();
  tokens.next();
  tokens.next();
}
