// Panels as data, from which Grafana's JSON, the live page and the README's pictures are made. It knows none of the three.

import type { AlertName } from '../alerts';
import { metric, narrowed, variable, type Match, type Selector, type Vector } from '../promql/build';
import type { LabelsOf, SeriesName, TargetLabel } from '../promql/series';

/** What a panel's numbers are. `ratio`: 0 to 1. `ms/s`: milliseconds spent a second, so 1000 is one request at a time. */
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
  /** Low values are the bad ones. */
  readonly below?: boolean;
}

export interface Panel {
  readonly title: string;
  /** What it shows and what to conclude, in a sentence or two. */
  readonly description: string;
  /** graph: lines over time. tile: one number now. table: the largest series now, each with its labels. */
  readonly kind: 'graph' | 'tile' | 'table';
  readonly queries: readonly Query[];
  readonly unit: Unit;
  readonly limits?: Limits;
  /** The alert on what the panel shows. */
  readonly alert?: AlertName;
  /** Graphs only: series on top of one another, when their sum means something. */
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

/** The window of rates in panels: Grafana's, which follows the zoom and is never shorter than four scrapes. */
export const RATE = '$__rate_interval';
/** The time range that is being looked at. */
export const RANGE = '$__range';

/** A series of the jobs and instances that are being looked at. */
export function shown<N extends SeriesName>(name: N, matches: { readonly [L in LabelsOf<N>]?: Match } = {}): Selector<LabelsOf<N>> {
  const target = { job: variable('job'), instance: variable('instance') } as { readonly [L in LabelsOf<N>]?: Match };
  return narrowed(metric(name, matches), target);
}

/** A record of the jobs that are being looked at, whichever instance. */
export function shownJob<N extends SeriesName>(name: N): Selector<LabelsOf<N>> {
  return narrowed(metric(name), { job: variable('job') } as { readonly [L in LabelsOf<N>]?: Match });
}

/** The endpoints that are being looked at. */
export const ENDPOINT = { endpoint: variable('endpoint') };

export type { TargetLabel };
