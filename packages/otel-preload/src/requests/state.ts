// What is known of a request in flight: the HTTP server hook opens and closes it, framework hooks fill it in.

/** The endpoint of a request that no route answered. */
export const UNMATCHED = 'unmatched';

export interface RequestState {
  /** performance.now() at the arrival. */
  readonly start: number;
  readonly method: string;
  /** The template of the mounts that the request is inside of, as `/orgs/:org`. */
  mount: string;
  /** The template of the route that has the request, or undefined. */
  endpoint: string | undefined;
  /** Reads the endpoint at the end, for frameworks that know it only then. */
  readEndpoint: (() => string | undefined) | undefined;
  /** The last exception that reached the framework. */
  error: unknown;
  /** That exception came after the headers were sent, so that no status code can tell of it. */
  errorTooLate: boolean;
  closed: boolean;
}

const STATE = Symbol('otel-preload.request');

interface Carrier {
  [STATE]?: RequestState;
}

/** The state of a node:http or node:http2 request, if it is one that is counted. */
export function requestState(request: object): RequestState | undefined {
  return (request as Carrier)[STATE];
}

/** A request that is passed on to the app and is none of its traffic. */
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
