// The catalogue without the families in METRICS_DISABLE.

import { catalogue, type MetricName, type Source } from '../catalogue';
import type { Config } from '../config';

/** The metrics whose numbers come from there, in the catalogue's order. */
export function enabledFrom({ disabled }: Pick<Config, 'disabled'>, from: Source['from']): MetricName[] {
  const names = Object.keys(catalogue) as MetricName[];
  return names.filter((name) => catalogue[name].source.from === from && !disabled.has(catalogue[name].family));
}
