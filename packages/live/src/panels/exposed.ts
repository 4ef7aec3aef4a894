// Whether the scrapes of a single process are enough to compute an expression.

import { walk, type Node } from '@earntrack/monitoring';
import { catalogue } from '@earntrack/otel-preload/catalogue';
import { ms } from '../promql/evaluate';
import { RATE_WINDOW_MS, WINDOW_MS } from '../windows';

const exposed = new Set(
  Object.entries(catalogue).flatMap(([name, { kind }]) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name])),
);
const ranges = { $__rate_interval: RATE_WINDOW_MS, $__range: WINDOW_MS };

/** True if the expression names series of the catalogue alone, and at least one series, and looks back no further than the page remembers. */
export function isExposed(node: Node): boolean {
  let series = 0;
  let foreign = false;
  walk(node, (inner) => {
    if (inner.op !== 'series') return;
    series += 1;
    const back = ms(inner.range ?? '0s', ranges) + ms(inner.offset ?? '0s', ranges);
    foreign ||= !exposed.has(inner.name) || back > WINDOW_MS;
  });
  return series > 0 && !foreign;
}
