// From the arrival of a request to its close: what is counted, and when.

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

/** nginx's codes for a connection that ended before any status was sent: by the client, by the server. */
const CLIENT_LEFT = '499';
const SERVER_CUT = '444';
/** Where the status stands in the head of a response: behind `HTTP/1.1 `. */
const STATUS_AT = 9;

/** Is told of each request that is counted. */
export interface RequestWatcher {
  /** In the asynchronous context of the server, in which the app is about to see the request. */
  opened(response: Response): void;
  /** It is counted now. */
  closed(response: Response): void;
}

export class RequestTracker {
  readonly #close: (this: Response) => void;

  constructor(
    private readonly instruments: Instruments,
    /** Asked at the end of requests that no other hook knows the endpoint of. */
    private readonly endpointOf: (request: Request) => string | undefined,
    private readonly watcher?: RequestWatcher,
  ) {
    // One function for all requests: a closure for each would cost more than the measurement.
    const tracker = this;
    this.#close = function close(this: Response): void {
      guarded('counting a request', () => tracker.#closed(this));
    };
  }

  /** Starts to count a request; a second 'request' event for it, as after 'checkContinue', changes nothing. */
  open(request: Request, response: Response): void {
    if (requestState(request) !== undefined) return;
    openRequest(request, methodLabel(request.method));
    on.call(response, 'close', this.#close);
    // One listener more than the app has itself: its own must not be the one too many that Node.js warns of.
    const most = response.getMaxListeners();
    if (most > 0) response.setMaxListeners(most + 1);
    this.watcher?.opened(response);
  }

  /** An exception reached the framework; whether it is an error is known when the response is. */
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
    // Told 'close' by the app, as to end an event stream's timers, it is not over yet. Http2ServerResponse has no such property.
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

/** Of HTTP/1.1 the head as it was written is in `_header`, which morgan reads as well: sooner than `headersSent`, which reads it too. */
function statusOf(response: Response): string {
  const head = (response as { _header?: string | null })._header;
  if (typeof head === 'string') return sentStatus(response as ServerResponse, head);
  if (!response.headersSent) return whoLeft(response.req);
  return String((response as Http2ServerResponse).stream?.sentHeaders?.[':status'] ?? response.statusCode);
}

/**
 * The status on the wire: `statusCode` can still be set after it was sent, as an error handler does that comes too late. V8 has to put the
 * head together before it can be read, so that it is left alone where the message that was sent is that of a code that no error handler sets.
 */
function sentStatus({ statusCode, statusMessage }: ServerResponse, head: string): string {
  const status = String(statusCode);
  if (statusCode < 400 && statusMessage === STATUS_CODES[statusCode]) return status;
  return head.startsWith(status, STATUS_AT) ? status : head.slice(STATUS_AT, STATUS_AT + 3);
}

/** Who ended a connection on which no status had been sent. */
function whoLeft(request: Request): string {
  if ('stream' in request) return request.aborted ? CLIENT_LEFT : SERVER_CUT;
  const { socket } = request;
  return socket.readableEnded || isClientError(socket.errored) ? CLIENT_LEFT : SERVER_CUT;
}

function isClientError(error: NodeJS.ErrnoException | null): boolean {
  const code = error?.code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
}
