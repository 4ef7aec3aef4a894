// Whether a request has become dearer: ours against express-prom-bundle's in the same run.

import { OURS } from './contenders';
import type { RequestCost, Route } from './measure-requests';

export const PEER = 'express-prom-bundle';
export const GUARDED: readonly Route[] = ['/ping', '/users/42'];

/**
 * The largest share of express-prom-bundle's cost that passes. The target is 0.5; a quiet machine measured 0.20. The rest is room for the noise
 * of a busy machine.
 */
export const MOST = 0.7;

/** Of both routes together, by their medians. */
export function ratioOf(costs: ReadonlyMap<string, RequestCost>): number {
  const sum = (name: string): number => GUARDED.reduce((total, route) => total + costs.get(name)![route].median, 0);
  return sum(OURS) / sum(PEER);
}
