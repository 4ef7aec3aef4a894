// nodejs_active_*: the open handles, requests and resources of the event loop, by type.

import type { Instruments } from '../instruments';

/** Undocumented, but the source of prom-client's metrics of these names ever since. */
interface Internals {
  _getActiveHandles?: () => object[];
  _getActiveRequests?: () => object[];
}

export function observeHandles(instruments: Instruments): void {
  const { _getActiveHandles: handles, _getActiveRequests: requests } = process as Internals;
  if (handles !== undefined) instruments.observe('nodejs_active_handles', (observe) => byType(handles.call(process).map(className), observe));
  if (requests !== undefined) instruments.observe('nodejs_active_requests', (observe) => byType(requests.call(process).map(className), observe));
  instruments.observe('nodejs_active_resources', (observe) => byType(process.getActiveResourcesInfo(), observe));
}

function className(of: object): string {
  return of.constructor?.name ?? 'Object';
}

/** Adding up 1 for each resource would look every resource up by its label. */
function byType(types: readonly string[], observe: (value: number, type: string) => void): void {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, count] of counts) observe(count, type);
}
