// From a value and its limits to a judgement. Pure.

import type { Limits } from '@earntrack/monitoring';

export type State = 'none' | 'well' | 'warning' | 'critical';

const LASTING_SCRAPES = 3;
const SEVERITY: readonly State[] = ['none', 'well', 'warning', 'critical'];

/** As Grafana colours a value: a high value passes a limit by reaching the limit, a low value by falling below. */
function stateOf(value: number | null | undefined, { warning, critical, below = false }: Limits = {}): State {
  if (value === null || value === undefined) return 'none';
  const passed = (limit: number | undefined): boolean => limit !== undefined && (below ? value < limit : value >= limit);
  return passed(critical) ? 'critical' : passed(warning) ? 'warning' : 'well';
}

/** A state that lasts: a state of a single scrape is no reason to look. */
export function lasting(values: readonly (number | null)[], limits: Limits = {}): State {
  if ((values.at(-1) ?? null) === null) return 'none';
  const states = values.slice(-LASTING_SCRAPES).flatMap((value) => (value === null ? [] : [stateOf(value, limits)]));
  return states.reduce((mildest, state) => (SEVERITY.indexOf(state) < SEVERITY.indexOf(mildest) ? state : mildest));
}

export function worst(states: readonly State[]): State {
  return states.reduce((most, state) => (SEVERITY.indexOf(state) > SEVERITY.indexOf(most) ? state : most), 'none');
}

/** Not by colour alone. */
export const WORDS: Readonly<Record<State, string>> = { none: 'no data', well: 'well', warning: 'look here', critical: 'in trouble' };
