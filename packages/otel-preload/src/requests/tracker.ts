// From the arrival of a request to its close: what is counted, and when.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Instruments } from '../instruments';
import { guarded } from '../log';
import { errorType } from './error-type';
import { methodLabel } from './method-label';
import { openRequest, requestState, UNMATCHED, type RequestState } from './state';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

/** nginx's codes for a connection that ended before any status was sent: by the client, by the server. */
const CLIENT_LEFT = '499';
const SERVER_CUT = '444';

export class RequestTracker {
  readonly #close: (this: Response) => void;

  constructor(private readonly instruments: Instruments) {
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
    response.on('close', this.#close);
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
    state.closed = true;
    const status = response.headersSent ? String(response.statusCode) : whoLeft(response.req);
    state.endpoint ??= state.readEndpoint?.();
    const seconds = (performance.now() - state.start) / 1000;
    this.instruments.duration('http.server.request.duration', seconds, state.method, status, state.endpoint ?? UNMATCHED);
    if (state.errorTooLate) this.#countError(state, errorType(state.error));
    else if (status >= '500') this.#countError(state, state.error === undefined ? 'HttpServerError' : errorType(state.error));
  }

  #countError(state: RequestState, type: string): void {
    this.instruments.add('errors_total', 1, type, state.endpoint ?? UNMATCHED);
  }
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
