// The data that the build puts into the page: the panels.

import { walk } from '@earntrack/monitoring/dist/src/promql/node';
import type { LiveBoard } from '../panels';

declare const LIVE_BOARDS: readonly LiveBoard[];
declare const RUNBOOK_URL: string;

export const boards = LIVE_BOARDS;
export const runbook = RUNBOOK_URL;

/** The names of all series in the panels' queries and in the page's head. */
export const wanted: ReadonlySet<string> = namesIn(boards);

function namesIn(all: readonly LiveBoard[]): Set<string> {
  const names = new Set(['process_start_time_seconds', 'nodejs_version_info', 'otel_preload_info']);
  const panels = all.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  for (const { expr } of panels.flatMap(({ queries }) => queries)) walk(expr, (node) => node.op === 'series' && names.add(node.name));
  return names;
}
