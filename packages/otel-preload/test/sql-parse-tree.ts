// The oracle: statement type and main table from the parse tree of PostgreSQL's own grammar. It shares nothing with the reader.

import { parseSync } from 'pgsql-parser';

type Node = { readonly [key: string]: unknown };
/** Common tables in sight, by name: how to find the table of each. */
type Scope = ReadonlyMap<string, () => string | undefined>;

/** @throws what PostgreSQL says of text that it cannot parse */
export function describeByParser(sql: string): { queryType: string; table: string } {
  // The parser's wrapper refuses blank text, which PostgreSQL takes.
  const tree = sql.trim() === '' ? {} : (parseSync(sql) as unknown as Node);
  for (const { stmt } of (tree['stmts'] ?? []) as Node[]) {
    const described = describeNode(stmt as Node);
    if (described !== undefined) return { queryType: described[0], table: described[1] ?? 'none' };
  }
  return { queryType: 'other', table: 'none' };
}

const QUERIES: Record<string, string> = {
  SelectStmt: 'select',
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
};
const RELATIONS = ['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE', 'OBJECT_COLUMN'];
const ATTACHED = ['OBJECT_TRIGGER', 'OBJECT_POLICY'];
const TAKES_RELATION = new Set([...RELATIONS, ...ATTACHED]);

function describeNode(statement: Node): [string, string | undefined] | undefined {
  const [kind, body] = only(statement);
  if (kind in QUERIES) return [QUERIES[kind]!, tableOf(statement, new Map())];
  switch (kind) {
    case 'CopyStmt':
      return ['copy', nameOf(body['relation']) ?? tableOf(body['query'] as Node, new Map())];
    case 'TruncateStmt':
      return ['truncate', nameOf((body['relations'] as Node[])[0])];
    case 'LockStmt':
      return ['lock', nameOf((body['relations'] as Node[])[0])];
    case 'RefreshMatViewStmt':
      return ['refresh', nameOf(body['relation'])];
    case 'CallStmt':
      return ['call', undefined];
    default:
      return describeDefinition(kind, body);
  }
}

function describeDefinition(kind: string, body: Node): [string, string | undefined] | undefined {
  if (kind === 'CreateTableAsStmt') return ['create', nameOf((body['into'] as Node)['rel'])];
  if (kind === 'CreateForeignTableStmt') return ['create', nameOf((body['base'] as Node)['relation'])];
  if (kind === 'CreatePolicyStmt') return ['create', nameOf(body['table'])];
  if (kind === 'ViewStmt') return ['create', nameOf(body['view'])];
  if (['CreateStmt', 'IndexStmt', 'CreateTrigStmt'].includes(kind)) return ['create', nameOf(body['relation'])];
  if (/^(?:Create.*|Define|CompositeType|Rule|Createdb)Stmt$/.test(kind)) return ['create', undefined];
  if (kind === 'AlterPolicyStmt') return ['alter', nameOf(body['table'])];
  if (/^Alter.*Stmt$|^RenameStmt$/.test(kind)) return ['alter', alteredTable(body)];
  if (kind === 'DropStmt') return ['drop', droppedTable(body)];
  return /^Drop.*Stmt$/.test(kind) ? ['drop', undefined] : undefined;
}

function alteredTable(body: Node): string | undefined {
  const type = (body['objtype'] ?? body['renameType'] ?? body['objectType']) as string;
  return TAKES_RELATION.has(type) ? nameOf(body['relation']) : undefined;
}

function droppedTable(body: Node): string | undefined {
  const type = body['removeType'] as string;
  if (!TAKES_RELATION.has(type)) return undefined;
  const first = ((body['objects'] as Node[])[0]!['List'] as Node)['items'] as Node[];
  const part = first.at(ATTACHED.includes(type) ? -2 : -1)!;
  return (part['String'] as Node)['sval'] as string;
}

/** The first table of a query, in the order of the text; FROM before all other clauses. */
function tableOf(query: Node, outer: Scope): string | undefined {
  const [kind, body] = only(query);
  const scope = withCommonTables(body, outer);
  return kind === 'SelectStmt' ? tableOfSelect(body, scope) : nameOf(body['relation']);
}

function tableOfSelect(body: Node, scope: Scope): string | undefined {
  if (body['larg'] !== undefined) {
    return tableOf({ SelectStmt: body['larg'] }, scope) ?? tableOf({ SelectStmt: body['rarg'] }, scope) ?? inOrdering(body, scope);
  }
  for (const item of (body['fromClause'] ?? []) as Node[]) {
    const found = tableOfItem(item, scope);
    if (found !== undefined) return found;
  }
  const clauses = ['targetList', 'valuesLists', 'fromClause', 'whereClause', 'groupClause', 'havingClause', 'windowClause'];
  return firstOf(clauses, (clause) => inExpression(body[clause], scope)) ?? inOrdering(body, scope);
}

function inOrdering(body: Node, scope: Scope): string | undefined {
  return firstOf(['sortClause', 'limitCount', 'limitOffset'], (clause) => inExpression(body[clause], scope));
}

function tableOfItem(item: Node, scope: Scope): string | undefined {
  const [kind, body] = only(item);
  switch (kind) {
    case 'RangeVar': {
      const name = body['relname'] as string;
      const common = body['schemaname'] === undefined ? scope.get(name) : undefined;
      return common === undefined ? name : common();
    }
    case 'RangeTableSample':
      return tableOfItem(body['relation'] as Node, scope);
    case 'RangeSubselect':
      return tableOf(body['subquery'] as Node, scope);
    case 'JoinExpr':
      return tableOfItem(body['larg'] as Node, scope) ?? tableOfItem(body['rarg'] as Node, scope);
    default:
      return undefined;
  }
}

/** The table of the first subquery in an expression that has one. Subqueries in FROM were looked at before. */
function inExpression(node: unknown, scope: Scope): string | undefined {
  if (Array.isArray(node)) return firstOf(node, (each) => inExpression(each, scope));
  if (typeof node !== 'object' || node === null) return undefined;
  const link = (node as Node)['SubLink'] as Node | undefined;
  if (link !== undefined) return inExpression(link['testexpr'], scope) ?? tableOf(link['subselect'] as Node, scope);
  if ('RangeSubselect' in node) return undefined;
  return firstOf(Object.values(node), (each) => inExpression(each, scope));
}

function withCommonTables(body: Node, outer: Scope): Scope {
  const clause = body['withClause'] as Node | undefined;
  if (clause === undefined) return outer;
  const scope = new Map(outer);
  for (const entry of clause['ctes'] as Node[]) {
    const table = entry['CommonTableExpr'] as Node;
    // Without RECURSIVE a body sees what stands before it; with it, all of them.
    const visible = clause['recursive'] === true ? scope : new Map(scope);
    let inside = false;
    scope.set(table['ctename'] as string, () => {
      if (inside) return undefined;
      inside = true;
      const found = tableOf(table['ctequery'] as Node, visible);
      inside = false;
      return found;
    });
  }
  return scope;
}

function nameOf(relation: unknown): string | undefined {
  if (relation === undefined) return undefined;
  const body = relation as Node;
  return ((body['RangeVar'] as Node | undefined) ?? body)['relname'] as string;
}

function only(node: Node): [string, Node] {
  return Object.entries(node)[0] as [string, Node];
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
