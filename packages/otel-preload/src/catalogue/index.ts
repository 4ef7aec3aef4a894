// All documented metrics: the single source of views, exposition, the typed API, METRICS.md, dashboards and alerts.

import { business } from './business';
import { cache } from './cache';
import { database } from './database';
import { errors } from './errors';
import { http } from './http';
import { jobs } from './jobs';
import { runtime } from './runtime';
import { self } from './self';
import type { Metric } from './types';
import { websocket } from './websocket';

export const catalogue = {
  ...http,
  ...database,
  ...cache,
  ...jobs,
  ...websocket,
  ...errors,
  ...business,
  ...self,
  ...runtime,
} as const satisfies Record<string, Metric>;

export type Catalogue = typeof catalogue;
export type MetricName = keyof Catalogue;
/** The label names of a metric, as a union. */
export type LabelOf<N extends MetricName> = Catalogue[N]['labels'][number];

export * from './families';
export * from './types';
