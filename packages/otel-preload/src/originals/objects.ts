// The abilities of the preload's own servers and answers, as at the preload's loading: an app may have patched Node.js's prototypes with methods
// that need a context, a session or a logger, present only in the app's own requests.

import { EventEmitter } from 'node:events';
import http, { type OutgoingHttpHeaders } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { Readable } from 'node:stream';

export const { emit, on, once } = EventEmitter.prototype;
const { on: onReadable } = Readable.prototype;
export const { Server, ServerResponse } = http;

/** A readable stream needs the `on` of Readable: only Readable's `on` starts the stream at a listener for `data`. */
export function onOf(emitter: object): typeof on {
  return emitter instanceof Readable ? (onReadable as typeof on) : on;
}

/** By prototype: a copy of all own and inherited members, inheriting from the prototype. */
const copies = new Map<object, object>([ServerResponse, Server].map(({ prototype }) => [prototype, copyOf(prototype)]));

function copyOf(prototype: object): object {
  const copy = Object.create(prototype) as object;
  for (let owner: object | null = prototype; owner !== null && owner !== Object.prototype; owner = Object.getPrototypeOf(owner) as object | null) {
    for (const key of Reflect.ownKeys(owner)) {
      if (!Object.hasOwn(copy, key)) Object.defineProperty(copy, key, Object.getOwnPropertyDescriptor(owner, key)!);
    }
  }
  return copy;
}

/** Node.js's stream beneath a response of HTTP/2 has no class within reach of a patch: these methods write to the stream directly. */
const ON_STREAM = Object.getOwnPropertyDescriptors({
  writeHead(this: Http2ServerResponse, status: number, headers: OutgoingHttpHeaders) {
    // With trailers to come, as in Node.js's own writeHead, a cut reaches the client before the end of the text does.
    this.stream.respond({ ':status': status, ...headers }, { waitForTrailers: true });
  },
  write(this: Http2ServerResponse, chunk: string | Uint8Array) {
    return this.stream.write(chunk);
  },
  end(this: Http2ServerResponse, chunk?: string | Uint8Array) {
    // The answer to a HEAD request has ended with its head.
    this.stream.end((this.stream as { headRequest?: boolean }).headRequest === true ? undefined : chunk);
  },
});

/**
 * Gives a server or a response its original methods back, also for Node.js's own calls within. Only for objects out of the app's sight.
 *
 * @returns the given object, for chaining
 */
export function asLoaded<T extends object>(given: T): T {
  if ('stream' in given) return Object.defineProperties(given, ON_STREAM);
  for (let owner = Object.getPrototypeOf(given) as object | null; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const copy = copies.get(owner);
    if (copy === undefined) continue;
    for (const key of Reflect.ownKeys(given)) if (isShadowed(given, key, copy)) Reflect.deleteProperty(given, key);
    return Object.setPrototypeOf(given, copy) as T;
  }
  return given;
}

/** True for a method set on the object itself, in front of Node.js's own method. */
function isShadowed(given: object, key: PropertyKey, copy: object): boolean {
  const own = Object.getOwnPropertyDescriptor(given, key);
  return typeof own?.value === 'function' && typeof Object.getOwnPropertyDescriptor(copy, key)?.value === 'function';
}
