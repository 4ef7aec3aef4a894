// Panels as data, the source of Grafana's JSON, of the live page and of the pictures in the docs. Panels know none of the three.

import type { AlertName } from '../alerts';
import { metric, narrowed, variable, type Match, type Selector, type Vector } from '../promql/build';
import type { LabelsOf, SeriesName, TargetLabel } from '../promql/series';

/** The unit of a panel's numbers. `ratio`: 0 to 1. `ms/s`: milliseconds spent a second, so 1000 is one request at a time. */
export type Unit = 'count' | 'req/s' | 'ops/s' | 'events/s' | 'ms' | 's' | 'ms/s' | 'ratio' | 'bytes' | 'cores' | 'version';

export interface Query {
  readonly expr: Vector;
  /** The name of each series: text with `{{label}}`; undefined: the labels as they are. */
  readonly legend?: string;
}

/** From where a value is yellow and red; the numbers are those of the alerts. */
export interface Limits {
  readonly warning?: number;
  readonly critical?: number;
  /** Low values are bad. */
  readonly below?: boolean;
}

export interface Panel {
  readonly title: string;
  /** The meaning of the panel and the conclusion to draw, in a sentence or two. */
  readonly description: string;
  /** graph: lines over time. tile: a number now. table: the largest series now, each with its labels. */
  readonly kind: 'graph' | 'tile' | 'table';
  readonly queries: readonly Query[];
  readonly unit: Unit;
  readonly limits?: Limits;
  /** The alert on the panel's subject. */
  readonly alert?: AlertName;
  /** Graphs only: series stacked, where their sum has a meaning. */
  readonly stacked?: boolean;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Board {
  /** Fixed, so that links hold. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
  /** Whether panels can be narrowed to an endpoint. */
  readonly byEndpoint?: boolean;
}

/** The window of rates in panels: Grafana's, which follows the zoom and spans at least four scrapes. */
export const RATE = '$__rate_interval';
/** The time range on the screen. */
export const RANGE = '$__range';

/** A series of the chosen jobs and instances. */
export function shown<N extends SeriesName>(name: N, matches: { readonly [L in LabelsOf<N>]?: Match } = {}): Selector<LabelsOf<N>> {
  const target = { job: variable('job'), instance: variable('instance') } as { readonly [L in LabelsOf<N>]?: Match };
  return narrowed(metric(name, matches), target);
}

/** A record of the chosen jobs, over all instances. */
export function shownJob<N extends SeriesName>(name: N): Selector<LabelsOf<N>> {
  return narrowed(metric(name), { job: variable('job') } as { readonly [L in LabelsOf<N>]?: Match });
}

/** The chosen endpoints. */
export const ENDPOINT = { endpoint: variable('endpoint') };

export type { TargetLabel };
