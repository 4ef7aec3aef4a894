// Counts each request, from the request's arrival to its close.

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Instruments } from '../instruments';
import { guarded } from '../log';
import { on } from '../originals/objects';
import { errorType } from './error-type';
import { methodLabel } from './method-label';
import { openRequest, requestState, UNMATCHED, type RequestState } from './state';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** nginx's codes for a connection closed before any status was sent: by the client, by the server. */
const CLIENT_LEFT = '499';
const SERVER_CUT = '444';
/** Where the status stands in the head of a response: behind `HTTP/1.1 `. */
const STATUS_AT = 9;

/** Told of each counted request. */
export interface RequestWatcher {
  /** Called in the asynchronous context of the server, just before the app sees the request. */
  opened(response: Response): void;
  /** Called after the request has been counted. */
  closed(response: Response): void;
}

export class RequestTracker {
  readonly #close: (this: Response) => void;

  constructor(
    private readonly instruments: Instruments,
    /** Asked at the end of a request if no further hook knows the request's endpoint. */
    private readonly endpointOf: (request: Request) => string | undefined,
    private readonly watcher?: RequestWatcher,
  ) {
    // The same function for all requests: a closure for each request would cost more than the measurement.
    const tracker = this;
    this.#close = function close(this: Response): void {
      guarded('counting a request', () => tracker.#closed(this));
    };
  }

  /** Starts to count a request. A second 'request' event for the same request, as after 'checkContinue', changes nothing. */
  open(request: Request, response: Response): void {
    if (requestState(request) !== undefined) return;
    openRequest(request, methodLabel(request.method));
    on.call(response, 'close', this.#close);
    // Makes room for the tracker's listener: otherwise Node.js would warn at the app's last allowed listener.
    const most = response.getMaxListeners();
    if (most > 0) response.setMaxListeners(most + 1);
    this.watcher?.opened(response);
  }

  /** An exception reached the framework. The response will show if the exception is an error. */
  failed(request: object, response: { readonly headersSent: boolean }, error: unknown): void {
    const state = requestState(request);
    if (state === undefined || state.error === error) return;
    state.error = error;
    if (!response.headersSent) return;
    if (state.closed) this.#countError(state, errorType(error));
    else state.errorTooLate = true;
  }

  #closed(response: Response): void {
    const state = requestState(response.req);
    if (state === undefined || state.closed) return;
    // An app may emit 'close' itself, as to end an event stream's timers: the response is not over yet. Http2ServerResponse has no `destroyed`.
    if ((response as { destroyed?: boolean }).destroyed === false) return;
    state.closed = true;
    const status = statusOf(response);
    state.endpoint ??= state.readEndpoint?.() ?? this.endpointOf(response.req);
    const seconds = (performance.now() - state.start) / 1000;
    this.instruments.duration('http.server.request.duration', seconds, state.method, status, state.endpoint ?? UNMATCHED);
    if (state.errorTooLate) this.#countError(state, errorType(state.error));
    else if (status >= '500') this.#countError(state, state.error === undefined ? 'HttpServerError' : errorType(state.error));
    this.watcher?.closed(response);
  }

  #countError(state: RequestState, type: string): void {
    this.instruments.add('errors_total', 1, type, state.endpoint ?? UNMATCHED);
  }
}

/** In HTTP/1.1, `_header` holds the head as sent (morgan reads `_header` too), and is faster than `headersSent`, a getter over `_header`. */
function statusOf(response: Response): string {
  const head = (response as { _header?: string | null })._header;
  if (typeof head === 'string') return sentStatus(response as ServerResponse, head);
  if (!response.headersSent) return whoLeft(response.req);
  return String((response as Http2ServerResponse).stream?.sentHeaders?.[':status'] ?? response.statusCode);
}

/**
 * The status on the wire: an app can still set `statusCode` after the head is sent, as a late error handler does. To read the head, V8 first
 * has to join the head's parts. The head stays unread if `statusCode` is below 400 and fits the sent message: no error handler sets such a code.
 */
function sentStatus({ statusCode, statusMessage }: ServerResponse, head: string): string {
  const status = String(statusCode);
  if (statusCode < 400 && statusMessage === STATUS_CODES[statusCode]) return status;
  return head.startsWith(status, STATUS_AT) ? status : head.slice(STATUS_AT, STATUS_AT + 3);
}

/** Tells if the client or the server ended a connection without a status. */
function whoLeft(request: Request): string {
  if ('stream' in request) return request.aborted ? CLIENT_LEFT : SERVER_CUT;
  const { socket } = request;
  return socket.readableEnded || isClientError(socket.errored) ? CLIENT_LEFT : SERVER_CUT;
}

function isClientError(error: NodeJS.ErrnoException | null): boolean {
  const code = error?.code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
}
