// A request for the metrics and its response, on HTTP/1.1 and HTTP/2 alike.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { ignoreErrors } from '../later';
import { asLoaded } from '../originals/objects';
import { guardEndOf } from './end-of-answer';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** NGHTTP2_INTERNAL_ERROR, as a number: the name would load node:http2. */
const INTERNAL_ERROR = 2;

/** True if a request's target is the path, with or without a query: not `/metricsfoo`. */
export function isPath(url: string, path: string): boolean {
  return url.startsWith(path) && (url.length === path.length || url[path.length] === '?');
}

/** Sends the status and headers. No cache may store the answer: the figures hold for this moment only. */
export function sendHead(response: Response, status: number, headers: OutgoingHttpHeaders): void {
  // A write after the client has left emits an 'error' event, and nobody else listens for the event.
  ignoreErrors(response);
  const answer = asLoaded(response) as ServerResponse;
  if (!('stream' in response)) guardEndOf(answer);
  answer.writeHead(status, { 'cache-control': 'no-store', ...headers });
}

/** Sends a whole answer: a line of plain text. */
export function sendLine(response: Response, status: number, line: string, headers: OutgoingHttpHeaders = {}): void {
  sendHead(response, status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${line}\n`);
}

/** Breaks off a response that cannot be completed, so that no client takes the sent beginning for the whole. */
export function cut(response: Response): void {
  if ('stream' in response) return response.stream.close(INTERNAL_ERROR);
  try {
    // In HTTP/1.0 only the end of the connection marks the end of a body; a reset does not count as an end. TLS sockets and pipes cannot reset.
    response.socket?.resetAndDestroy();
  } catch {
    response.destroy();
  }
}
