// Follows queries with their own protocol handling, by the methods called on them by the client.

import { guarded } from '../../log';
import type { Submittable } from './client';
import type { QueryCall } from './query-call';

/**
 * Records a submittable's call at its end or failure. While a cursor or stream waits for its reader, the clock stands: the figure is the app's
 * wait for the database. For COPY, the wait includes the data's way in or out.
 */
export function followSubmittable(query: Submittable, call: QueryCall): void {
  guarded('following a database cursor', () => {
    const cursor = query.cursor ?? query;
    const turn = (): void => {
      if (cursor.state === 'idle') call.pause();
      else if (cursor.state === 'busy') call.resume();
    };
    extend(query, 'handleError', () => call.end());
    // The native client's queries know no protocol; they tell of their end.
    if (!extend(query, 'handleReadyForQuery', () => call.end())) query.once?.('end', () => call.end());
    extend(query, 'handleRowDescription', undefined, turn);
    extend(query, 'handlePortalSuspended', undefined, turn);
    if (cursor.state !== undefined) extend(cursor, 'read', undefined, turn);
  });
}

/** Calls `before` and `after` around a method of this object alone; false if the object has no such method. */
function extend(owner: Submittable, name: string, before?: () => void, after?: () => void): boolean {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== 'function') return false;
  const value = function (this: unknown, ...args: unknown[]): unknown {
    before?.();
    const result: unknown = Reflect.apply(method, this, args);
    after?.();
    return result;
  };
  return Reflect.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });
}
