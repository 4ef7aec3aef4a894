// A board → a dashboard: variables, annotations, links, and the places of the panels.

import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { MonitoringConfig } from '../config';
import type { Board, Panel } from '../panels';
import { shown } from '../panels/panel';
import { multiply } from '../promql/build';
import { print } from '../promql/print';
import { grafanaPanel } from './panel';
import { DATASOURCE, variables } from './variables';

/** The tag of all our dashboards, by which they link to each other. */
const TAG = 'earntrack';
const COLUMNS = 24;

export function dashboard(board: Board, config: MonitoringConfig): Dashboard {
  const builder = new DashboardBuilder(`EarnTrack / ${board.title}`)
    .uid(board.uid)
    .description(board.description)
    .tags([TAG])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .variables(variables(board))
    .annotation(deploys())
    .link(new DashboardLinkBuilder('Dashboards').type(DashboardLinkType.Dashboards).tags([TAG]).asDropdown(true).includeVars(true).keepTime(true))
    .link(new DashboardLinkBuilder('Runbook').type(DashboardLinkType.Link).icon('doc').url(config.runbookUrl).targetBlank(true));
  addRows(builder, board, config);
  return builder.build();
}

function addRows(builder: DashboardBuilder, board: Board, config: MonitoringConfig): void {
  let [id, y] = [1, 0];
  for (const { title, panels } of board.rows) {
    builder.withRow(new RowBuilder(title).id(id++).gridPos({ x: 0, y: y++, w: COLUMNS, h: 1 }));
    for (const line of lines(panels)) {
      let x = 0;
      for (const panel of line) {
        builder.withPanel(
          grafanaPanel(panel, config)
            .id(id++)
            .gridPos({ x, y, w: width(panel, panels), h: height(panel) }),
        );
        x += width(panel, panels);
      }
      y += Math.max(...line.map(height));
    }
  }
}

/** The panels of a row, line by line as they fit. */
function lines(panels: readonly Panel[]): Panel[][] {
  const all: Panel[][] = [];
  let left = 0;
  for (const panel of panels) {
    const needed = width(panel, panels);
    if (needed > left) all.push([]);
    left = (needed > left ? COLUMNS : left) - needed;
    all.at(-1)!.push(panel);
  }
  return all;
}

/** Tiles share a line, at most six of them. */
function width({ kind }: Panel, row: readonly Panel[]): number {
  return kind === 'tile' ? Math.floor(COLUMNS / Math.min(6, row.length)) : COLUMNS / 2;
}

const height = ({ kind }: Panel): number => (kind === 'tile' ? 4 : 8);

/** A line wherever a process started, with the version of its preload. */
function deploys(): AnnotationQueryBuilder {
  const started = multiply(shown('process_start_time_seconds'), 1000);
  const expr = multiply(started, shown('otel_preload_info'), { on: ['job', 'instance'], groupLeft: ['version'] });
  return new AnnotationQueryBuilder()
    .name('Deploys and restarts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('blue')
    .expr(print(expr.node))
    .useValueForTime(true)
    .titleFormat('{{instance}} started')
    .textFormat('otel-preload {{version}}')
    .tagKeys('job,instance');
}
