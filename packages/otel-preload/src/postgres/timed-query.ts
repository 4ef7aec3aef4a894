// Puts a clock around query(), in each of its forms, so that the app cannot tell.

import { describeStatement } from '../sql/statement';
import type { PgClient, QueryCallback, QueryMethod, Submittable } from './client';
import { QueryCall, type RecordQuery } from './query-call';
import { followSubmittable } from './submittable';

/** A query method that records each call when its result or error is there. */
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

/** The text to be run; of a prepared statement that is called by its name alone, the text that it was prepared with. */
function textOf(client: PgClient, config: unknown): unknown {
  if (typeof config === 'string') return config;
  try {
    const { text, name, cursor } = config as { text?: unknown; name?: string; cursor?: Submittable['cursor'] };
    if (text !== undefined || name === undefined) return text ?? cursor?.text;
    return client.connection?.parsedStatements?.[name] ?? client.namedQueries?.[name];
  } catch {
    // No object, or a getter that fails: node-postgres will say so to the app.
    return undefined;
  }
}

/** Puts the clock into the callback that node-postgres would take, if there is one: the last argument before `config.callback`. */
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
 * The caller's object stays as it is, and may be frozen. The copy keeps its prototype and getters, as node-postgres' own copy
 * does in its latest versions.
 */
function copyWith(config: object, callback: QueryCallback): object {
  const timed = { value: callback, writable: true, enumerable: true, configurable: true };
  return Object.create(Object.getPrototypeOf(config) as object | null, { ...Object.getOwnPropertyDescriptors(config), callback: timed }) as object;
}

/**
 * The app gets the promise that follows ours, one microtask later. A side chain would not delay it, but would count as
 * handling: an app that ignores a failed query would no longer hear of its unhandled rejection.
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
