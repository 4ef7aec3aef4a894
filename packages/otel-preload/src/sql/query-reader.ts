// Finds the main table of a query: the first table that a SELECT reads, or the table that an INSERT, UPDATE, DELETE or MERGE writes. A single
// token of lookahead, no tree; as soon as the table is known, everything returns and the rest of the text stays unread.

import { type CommonTable, findCommonTable, readWith } from './common-tables';
import { atName, readName, readPart } from './names';
import { COMMA, DOT, END, OPEN, SEMICOLON, type Tokens, WORD } from './tokens';

type Scope = CommonTable | undefined;

/** Deeper than people write, and far from the end of the stack. */
const MAX_NESTING = 64;

const STARTS_QUERY = new Set(['select', 'with', 'values', 'table']);
const STARTS_STATEMENT = new Set([...STARTS_QUERY, 'insert', 'update', 'delete', 'merge']);
const SET_OPERATIONS = new Set(['union', 'intersect', 'except']);
const LIST_ENDS = new Set([...SET_OPERATIONS, 'from']);
const CLAUSES = new Set([...SET_OPERATIONS, 'where', 'group', 'having', 'window', 'order', 'limit', 'offset', 'fetch', 'for']);
const ITEM_ENDS = new Set([...CLAUSES, 'join']);
/** Functions written without parentheses, also in FROM. */
const VALUE_FUNCTIONS = new Set([
  'current_catalog',
  'current_date',
  'current_role',
  'current_schema',
  'current_time',
  'current_timestamp',
  'current_user',
  'localtime',
  'localtimestamp',
  'session_user',
  'system_user',
  'user',
]);

export class QueryReader {
  /** The verb of the main statement; undefined until the reader is there. */
  verb: 'select' | 'insert' | 'update' | 'delete' | 'merge' | undefined;
  #nesting = 0;
  /** A table of a subquery in an expression: the main table if FROM has none. */
  #spare: string | undefined;

  constructor(private readonly tokens: Tokens) {}

  /** Whether the current token may begin a query with or without a WITH, or a change of data. */
  get atQuery(): boolean {
    return this.tokens.at(OPEN) || STARTS_STATEMENT.has(this.tokens.word);
  }

  /** The main table of the query at the current token. The text behind the table stays unread. */
  query(scope?: CommonTable): string | undefined {
    if (!this.#enter()) return undefined;
    const found = this.#operands(this.tokens.word === 'with' ? readWith(this.tokens, scope) : scope);
    this.#nesting -= 1;
    return found;
  }

  /** The relation that a command names, after the words `skipped` and ONLY, in or without parentheses. */
  target(...skipped: string[]): string | undefined {
    const { tokens } = this;
    while (skipped.includes(tokens.word) || tokens.word === 'only') tokens.next();
    if (tokens.at(OPEN)) tokens.next();
    return readName(tokens);
  }

  /** Queries joined by UNION, INTERSECT and EXCEPT: the first query with a table. */
  #operands(scope: Scope): string | undefined {
    const level = this.tokens.at(OPEN) ? this.tokens.depth - 1 : this.tokens.depth;
    const spare = this.#spare;
    this.#spare = undefined;
    let found: string | undefined;
    do {
      found = this.#operand(scope, level);
      if (found === undefined) this.#scan(scope, level, SET_OPERATIONS);
      found ??= this.#spare;
    } while (found === undefined && this.#passSetOperation());
    this.#spare = spare;
    return found;
  }

  #operand(scope: Scope, level: number): string | undefined {
    const { tokens } = this;
    if (tokens.at(OPEN)) return this.#parenthesised(scope);
    const { word } = tokens;
    switch (word) {
      case 'select':
      case 'values':
      case 'table':
        this.verb ??= 'select';
        tokens.next();
        return word === 'table' ? this.#item(scope) : word === 'select' ? this.#select(scope, level) : undefined;
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        this.verb ??= word;
        tokens.next();
        return this.target('into', 'from');
      default:
        return undefined;
    }
  }

  #select(scope: Scope, level: number): string | undefined {
    this.#scan(scope, level, LIST_ENDS);
    if (this.tokens.word !== 'from') return undefined;
    this.tokens.next();
    return this.#items(scope, level);
  }

  /** The items of FROM, or those of a join in parentheses. */
  #items(scope: Scope, level: number): string | undefined {
    const { tokens } = this;
    for (;;) {
      const found = this.#item(scope);
      if (found !== undefined) return found;
      this.#scan(scope, level, ITEM_ENDS);
      if (!tokens.at(COMMA) && tokens.word !== 'join') return undefined;
      tokens.next();
    }
  }

  #item(scope: Scope): string | undefined {
    const { tokens } = this;
    while (tokens.word === 'lateral' || tokens.word === 'only') tokens.next();
    if (tokens.at(OPEN)) return this.#parenthesised(scope);
    if (!atName(tokens)) return undefined;
    const bare = tokens.at(WORD);
    const name = readPart(tokens);
    if (tokens.at(DOT)) return this.#qualified();
    if (tokens.at(OPEN) || name === '' || (bare && this.#isNoRelation(name))) return undefined;
    const common = findCommonTable(name, scope);
    return common === undefined ? name : this.#descend(common);
  }

  /** The name after a schema: a table, unless a call. */
  #qualified(): string | undefined {
    this.tokens.next();
    const name = readName(this.tokens);
    return this.tokens.at(OPEN) ? undefined : name;
  }

  #isNoRelation(name: string): boolean {
    return VALUE_FUNCTIONS.has(name) || CLAUSES.has(name) || (name === 'rows' && this.tokens.word === 'from');
  }

  /** `(SELECT …)`, `((SELECT …) UNION …)` or `(a JOIN b …)`. */
  #parenthesised(scope: Scope): string | undefined {
    const { tokens } = this;
    if (!this.#enter()) return undefined;
    const inside = tokens.depth;
    tokens.next();
    let found = STARTS_QUERY.has(tokens.word) ? this.query(scope) : this.#items(scope, inside);
    if (found === undefined && this.#passSetOperation()) found = this.#operands(scope);
    this.#nesting -= 1;
    if (found === undefined) tokens.leave(inside);
    return found;
  }

  #descend(common: CommonTable): string | undefined {
    if (common.read) return common.table;
    // Set before: a recursive expression that reads itself finds nothing there.
    common.read = true;
    const { tokens } = this;
    const { kind, start, end, depth } = tokens;
    tokens.moveTo(common.body, common.depth);
    common.table = this.query(common.scope);
    Object.assign(tokens, { kind, start, end, depth });
    return common.table;
  }

  /** Moves to the first word of `ends` at this level, or out of the level; on the way, subqueries give a spare table. */
  #scan(scope: Scope, level: number, ends: ReadonlySet<string>): void {
    const { tokens } = this;
    while (!tokens.at(END) && !tokens.at(SEMICOLON) && tokens.depth >= level) {
      if (tokens.at(OPEN)) this.#lookInside(scope);
      else if (tokens.depth > level) tokens.next();
      else if ((tokens.at(COMMA) && ends === ITEM_ENDS) || ends.has(tokens.word)) return;
      else this.#pass();
    }
  }

  /** Moves a token on. Behind AS and the dot any keyword is a name, and `IS [NOT] DISTINCT FROM` is an operator. */
  #pass(): void {
    const { tokens } = this;
    const { word } = tokens;
    const beforeLabel = word === 'as' || tokens.at(DOT);
    tokens.next();
    if (beforeLabel && tokens.at(WORD)) tokens.next();
    else if (word === 'is') this.#passOperator();
  }

  #passOperator(): void {
    const { tokens } = this;
    if (tokens.word === 'not') tokens.next();
    const { word } = tokens;
    if (word === 'distinct') tokens.next();
    if (word === 'distinct' && tokens.word === 'from') tokens.next();
  }

  #lookInside(scope: Scope): void {
    const { tokens } = this;
    const inside = tokens.depth;
    tokens.next();
    if (this.#spare !== undefined || !STARTS_QUERY.has(tokens.word)) return;
    this.#spare = this.query(scope);
    tokens.leave(inside);
  }

  #passSetOperation(): boolean {
    const { tokens } = this;
    if (!SET_OPERATIONS.has(tokens.word)) return false;
    tokens.next();
    if (tokens.word === 'all' || tokens.word === 'distinct') tokens.next();
    return true;
  }

  #enter(): boolean {
    this.#nesting += 1;
    if (this.#nesting <= MAX_NESTING) return true;
    this.tokens.stop();
    return false;
  }
}
