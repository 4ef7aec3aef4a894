// Puts a clock around query(), in each of its forms, invisibly to the app.

import { describeStatement } from '../../sql/statement';
import type { PgClient, QueryCallback, QueryMethod, Submittable } from './client';
import { QueryCall, type RecordQuery } from './query-call';
import { followSubmittable } from './submittable';

/** A query method: records each call as soon as the result or error is there. */
export function timedQuery(query: QueryMethod, record: RecordQuery): QueryMethod {
  return function (this: PgClient, ...args) {
    const call = new QueryCall(describeStatement(textOf(this, args[0])), record);
    try {
      if (isSubmittable(args[0])) {
        followSubmittable(args[0], call);
        return query.apply(this, args);
      }
      if (putCallback(args, call)) return query.apply(this, args);
      return timedPromise(query.apply(this, args), call);
    } catch (thrown) {
      call.end();
      throw thrown;
    }
  };
}

function isSubmittable(config: unknown): config is Submittable {
  return typeof (config as Submittable | null | undefined)?.submit === 'function';
}

/** The text of the query; for a prepared statement called by its name alone, the text at its preparation. */
function textOf(client: PgClient, config: unknown): unknown {
  if (typeof config === 'string') return config;
  try {
    const { text, name, cursor } = config as { text?: unknown; name?: string; cursor?: Submittable['cursor'] };
    if (text !== undefined || name === undefined) return text ?? cursor?.text;
    return client.connection?.parsedStatements?.[name] ?? client.namedQueries?.[name];
  } catch {
    // No object, or a failing getter: node-postgres will tell the app.
    return undefined;
  }
}

/** Puts the clock into node-postgres' choice of callback, if there is a callback: the last argument before `config.callback`. */
function putCallback(args: unknown[], call: QueryCall): boolean {
  const at = args[2] ? 2 : 1;
  const given = args[at];
  if (typeof given === 'function') {
    args[at] = timedCallback(given as QueryCallback, call);
    return true;
  }
  const config = args[0] as { callback?: unknown } | null | undefined;
  if (typeof config !== 'object' || typeof config?.callback !== 'function') return false;
  args[0] = copyWith(config, timedCallback(config.callback as QueryCallback, call));
  return true;
}

function timedCallback(callback: QueryCallback, call: QueryCall): QueryCallback {
  return function (this: unknown) {
    call.end();
    return Reflect.apply(callback, this, arguments);
  };
}

/**
 * The caller's object stays unchanged, and may be frozen. The copy keeps the prototype and getters, like node-postgres' own copy
 * in its latest versions.
 */
function copyWith(config: object, callback: QueryCallback): object {
  const timed = { value: callback, writable: true, enumerable: true, configurable: true };
  return Object.create(Object.getPrototypeOf(config) as object | null, { ...Object.getOwnPropertyDescriptors(config), callback: timed }) as object;
}

/**
 * The app gets the promise after ours, a microtask later. A side chain would add no delay, but would count as handling: an app
 * without a handler for a failed query would no longer hear of the unhandled rejection.
 */
function timedPromise(result: unknown, call: QueryCall): unknown {
  if (typeof (result as Promise<unknown> | undefined)?.then !== 'function') return result;
  return (result as Promise<unknown>).then(
    (value) => {
      call.end();
      return value;
    },
    (thrown: unknown) => {
      call.end();
      throw thrown;
    },
  );
}
