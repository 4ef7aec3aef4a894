// The backend's own book of its requests, kept without the preload, for the demo's comparison with /metrics: the sender of each request (the load
// driver, or a visitor), and the answer. Requests that the preload answers itself never reach the backend, and stand in no book.

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { IncomingMessage, Server } from 'node:http';

/** The header of the load driver's secret. */
export const DRIVER_HEADER = 'x-load-driver';

/** Counts by `METHOD status`. */
export type Counts = Readonly<Record<string, number>>;

export interface Page {
  readonly driver: Counts;
  readonly visitors: Counts;
  /** The visitors' requests, as `GET /favicon.ico 404`. */
  readonly asked: Counts;
  /** WebSockets opened by visitors. */
  readonly sockets: number;
}

/** The demo's question over the backend's channel; a Page is the answer. */
export interface BookRequest {
  /** Visitors are to wait from now on. */
  readonly hold: boolean;
}

/** The methods that http_requests_total tells apart, according to its documentation. */
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|QUERY)$/;
/** For a connection that ended before any status was sent, as in nginx. */
const NOT_SENT = 499;
/** A load tool may ask for a new path each time. */
const MOST_PATHS = 200;

export class GuestBook {
  readonly #driver = new Map<string, number>();
  readonly #visitors = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  #sockets = 0;
  #waiting: NextFunction[] | undefined;

  /** @param secret of the driver; undefined: everybody is a visitor */
  constructor(readonly secret: string | undefined) {}

  /** The app's first handler. */
  readonly receive: RequestHandler = (request, response, next) => {
    const isDriver = this.#isDriver(request);
    response.once('close', () => this.#enter(isDriver, request, response));
    if (isDriver || !this.#waiting) next();
    else this.#waiting.push(next);
  };

  watchSockets(server: Server): void {
    server.on('upgrade', (request) => {
      if (!this.#isDriver(request)) this.#sockets += 1;
    });
  }

  /** Lets visitors wait from now on: neither side could be compared while they went on. */
  hold(): void {
    this.#waiting ??= [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const next of waiting) next();
  }

  page(): Page {
    const [driver, visitors, asked] = [this.#driver, this.#visitors, this.#asked].map((counts) => Object.fromEntries(counts));
    return { driver: driver!, visitors: visitors!, asked: asked!, sockets: this.#sockets };
  }

  #isDriver({ headers }: IncomingMessage): boolean {
    return this.secret !== undefined && headers[DRIVER_HEADER] === this.secret;
  }

  #enter(isDriver: boolean, { method, originalUrl }: Request, { headersSent, statusCode }: Response): void {
    const status = headersSent ? statusCode : NOT_SENT;
    increment(isDriver ? this.#driver : this.#visitors, `${METHODS.test(method) ? method : '_OTHER'} ${status}`);
    if (isDriver) return;
    const asked = `${method} ${shown(originalUrl)} ${status}`;
    increment(this.#asked, this.#asked.has(asked) || this.#asked.size < MOST_PATHS ? asked : 'other paths');
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Without the query, and without characters that a terminal would obey. */
function shown(url: string): string {
  const path = url.replace(/\?.*/s, '').replace(/[^!-~]/g, '?');
  return path.length > 50 ? `${path.slice(0, 50)}…` : path;
}
