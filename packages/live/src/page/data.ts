// What the build puts into the page: the panels as data.

import { walk } from '@earntrack/monitoring/dist/src/promql/node';
import type { LiveBoard } from '../panels';

declare const LIVE_BOARDS: readonly LiveBoard[];
declare const RUNBOOK_URL: string;

export const boards = LIVE_BOARDS;
export const runbook = RUNBOOK_URL;

/** The names of all series that any panel asks for, and of those that the page's head tells of. */
export const wanted: ReadonlySet<string> = namesIn(boards);

function namesIn(all: readonly LiveBoard[]): Set<string> {
  const names = new Set(['process_start_time_seconds', 'nodejs_version_info', 'otel_preload_info']);
  const panels = all.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  for (const { expr } of panels.flatMap(({ queries }) => queries)) walk(expr, (node) => node.op === 'series' && names.add(node.name));
  return names;
}
