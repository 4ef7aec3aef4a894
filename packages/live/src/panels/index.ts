// Grafana's panels → the panels that the page can show of a single process. Rules alone decide, so that a new panel of Grafana's appears here, too.

import { boards, config, walk, type Board, type Limits, type Node, type Panel, type Unit } from '@earntrack/monitoring';
import { recordsReplaced } from './records';
import { withoutInstance, withoutInstanceText } from './one-instance';
import { isExposed } from './exposed';

export interface LiveQuery {
  readonly expr: Node;
  /** The name of each series; empty: the panel shows a single series without a name. */
  readonly legend: string;
}

export interface LivePanel {
  readonly title: string;
  readonly description: string;
  readonly kind: Panel['kind'];
  readonly unit: Unit;
  readonly queries: readonly LiveQuery[];
  readonly limits?: Limits;
  readonly alert?: string;
  readonly stacked?: true;
}

export interface LiveRow {
  readonly title: string;
  /** Shut at first: rows that follow no choice of the reader's repeat the rows above. */
  readonly folded: boolean;
  readonly panels: readonly LivePanel[];
}

export interface LiveBoard {
  readonly title: string;
  readonly description: string;
  readonly rows: readonly LiveRow[];
}

/** A single process: the value of its `job` does not matter. */
const ONE_PROCESS = { ...config, jobs: /.*/ };

/** All boards, without panels that a single process cannot fill and without repetitions; an empty board is left out. */
export function livePanels(): readonly LiveBoard[] {
  const shown = new Set<string>();
  const fresh = (panel: LivePanel): boolean => {
    const key = `${panel.kind} ${JSON.stringify(panel.queries.map(({ expr }) => expr))}`;
    return !shown.has(key) && shown.add(key) !== undefined;
  };
  return boards(ONE_PROCESS)
    .map((board) => liveBoard(board, fresh))
    .filter(({ rows }) => rows.length > 0);
}

function liveBoard({ title, description, rows }: Board, fresh: (panel: LivePanel) => boolean): LiveBoard {
  const live = rows.map((row) => ({
    title: row.title,
    folded: row.panels.every(followsNoChoice),
    panels: row.panels.flatMap(livePanel).filter(fresh),
  }));
  return { title, description, rows: live.filter(({ panels }) => panels.length > 0) };
}

function livePanel({ title, description, kind, unit, queries, limits, alert, stacked }: Panel): LivePanel[] {
  const own = queries.flatMap(({ expr, legend }) => {
    const node = withoutInstance(withoutChoices(recordsReplaced(expr.node, ONE_PROCESS)));
    return isExposed(node) ? [{ expr: node, legend: withoutInstanceText(legend ?? expr.labels.map((label) => `{{${label}}}`).join(' ')) }] : [];
  });
  // Versions stand in the page's head.
  if (own.length === 0 || unit === 'version') return [];
  const rest = { ...(limits && { limits }), ...(alert && { alert }), ...(stacked && { stacked }) };
  return [{ title: withoutInstanceText(title), description, kind: isOneRow(kind, own) ? 'tile' : kind, unit, queries: own, ...rest }];
}

/** A table by instance alone has a single row here. */
const isOneRow = (kind: Panel['kind'], [query]: readonly LiveQuery[]): boolean => kind === 'table' && query!.legend === '';

/** Grafana's variables choose jobs, instances and endpoints; the page shows all of its process. */
function withoutChoices(node: Node): Node {
  return JSON.parse(JSON.stringify(node), (key, value: unknown) =>
    key === 'matchers' ? (value as { value: string }[]).filter((matcher) => !matcher.value.startsWith('$') && matcher.value !== '.*') : value,
  ) as Node;
}

function followsNoChoice({ queries }: Panel): boolean {
  let follows = false;
  for (const { expr } of queries) walk(expr.node, (node) => (follows ||= node.op === 'series' && /"\$/.test(JSON.stringify(node))));
  return !follows;
}
