// Follows queries that answer the protocol themselves, by the methods that the client calls on them.

import { guarded } from '../log';
import type { Submittable } from './client';
import type { QueryCall } from './query-call';

/**
 * Records a submittable's call when the server is done with it, or when it fails. While a cursor or stream waits for its
 * reader its clock stands: what is measured is the time that the app waited for the database. For COPY, that includes the
 * data's way in or out.
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

/** Has `before` and `after` called around a method of this one object; false if it has no such method. */
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
