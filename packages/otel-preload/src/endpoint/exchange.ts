// One request for the metrics and its response, on HTTP/1.1 and HTTP/2 alike.

import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { ignoreErrors } from '../later';
import { asLoaded } from '../originals/objects';
import { guardEndOf } from './end-of-answer';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** NGHTTP2_INTERNAL_ERROR, as a number so that node:http2 is not loaded for it. */
const INTERNAL_ERROR = 2;

/** True if a request's target is the path, with or without a query: not `/metricsfoo`. */
export function isPath(url: string, path: string): boolean {
  return url.startsWith(path) && (url.length === path.length || url[path.length] === '?');
}

/** Sends the status and headers. What is answered here is of this moment only. */
export function sendHead(response: Response, status: number, headers: OutgoingHttpHeaders): void {
  // A write to a client that has just left is an 'error' event, which nobody else listens to.
  ignoreErrors(response);
  const answer = asLoaded(response) as ServerResponse;
  if (!('stream' in response)) guardEndOf(answer);
  answer.writeHead(status, { 'cache-control': 'no-store', ...headers });
}

/** A whole answer of one line of plain text. */
export function sendLine(response: Response, status: number, line: string, headers: OutgoingHttpHeaders = {}): void {
  sendHead(response, status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${line}\n`);
}

/** Ends a response that cannot be completed, so that no client takes its beginning for the whole. */
export function cut(response: Response): void {
  if ('stream' in response) return response.stream.close(INTERNAL_ERROR);
  try {
    // HTTP/1.0 knows the end of a body only from the end of the connection: a reset is not one. TLS and pipes have none.
    response.socket?.resetAndDestroy();
  } catch {
    response.destroy();
  }
}
