// All figures of a benchmark run.

import type { Endurance } from './measure-endurance';
import type { InstallWeight } from './measure-install';
import type { RequestCost } from './measure-requests';
import type { ScrapeCosts, Size } from './measure-scrape';
import type { Spread } from './spread';

export interface Figures {
  readonly machine: string;
  readonly commit: string;
  readonly rounds: number;
  readonly requests: ReadonlyMap<string, RequestCost>;
  readonly startup: ReadonlyMap<string, Spread>;
  readonly scrapes: Readonly<Record<Size, ScrapeCosts>>;
  readonly endurance: Endurance;
  readonly install: ReadonlyMap<string, InstallWeight>;
}
