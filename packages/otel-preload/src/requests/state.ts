// The state of a request in flight: the HTTP server hook opens and closes the state, framework hooks fill the fields in.

/** The endpoint of a request without a matching route. */
export const UNMATCHED = 'unmatched';

export interface RequestState {
  /** performance.now() at the arrival. */
  readonly start: number;
  readonly method: string;
  /** The template of the mounts around the current handler, such as `/orgs/:org`. */
  mount: string;
  /** The template of the matched route, or undefined. */
  endpoint: string | undefined;
  /** Reads the endpoint at the end of the request, for frameworks without an earlier way. */
  readEndpoint: (() => string | undefined) | undefined;
  /** The last exception to reach the framework. */
  error: unknown;
  /** True if the exception came after the headers: the status code cannot show the error any more. */
  errorTooLate: boolean;
  closed: boolean;
}

const STATE = Symbol('otel-preload.request');

interface Carrier {
  [STATE]?: RequestState;
}

/** The state of a node:http or node:http2 request, if the request is counted. */
export function requestState(request: object): RequestState | undefined {
  return (request as Carrier)[STATE];
}

/** Keeps a request out of the counts, though the app sees the request: a scrape is none of the app's traffic. */
export function leaveUncounted(request: object): void {
  openRequest(request, '').closed = true;
}

export function openRequest(request: object, method: string): RequestState {
  const state: RequestState = {
    start: performance.now(),
    method,
    mount: '',
    endpoint: undefined,
    readEndpoint: undefined,
    error: undefined,
    errorTooLate: false,
    closed: false,
  };
  (request as Carrier)[STATE] = state;
  return state;
}
