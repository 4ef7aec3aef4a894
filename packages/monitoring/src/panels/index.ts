// All boards, the overview first.

import type { MonitoringConfig } from '../config';
import { businessBoard } from './business';
import { cacheBoard } from './cache';
import { databaseBoard } from './database';
import { errorsBoard } from './errors';
import { httpBoard } from './http';
import { jobsBoard } from './jobs';
import { overviewBoard } from './overview';
import type { Board } from './panel';
import { runtimeBoard } from './runtime';
import { websocketsBoard } from './websockets';

export { RANGE, RATE, type Board, type Limits, type Panel, type Query, type Row, type Unit } from './panel';

export function boards(config: MonitoringConfig): readonly Board[] {
  const [http, database, cache, jobs] = [httpBoard(config), databaseBoard(config), cacheBoard(config), jobsBoard(config)];
  return [overviewBoard(config), http, database, cache, jobs, websocketsBoard(), errorsBoard(config), businessBoard(), runtimeBoard(config)];
}
