// The door: boards → Grafana's classic dashboards as JSON text.

import type { MonitoringConfig } from '../config';
import { boards } from '../panels';
import { dashboard } from './dashboard';

export interface DashboardFile {
  readonly uid: string;
  readonly json: string;
}

export function dashboards(config: MonitoringConfig): readonly DashboardFile[] {
  return boards(config).map((board) => ({ uid: board.uid, json: `${JSON.stringify(dashboard(board, config), null, 2)}\n` }));
}
