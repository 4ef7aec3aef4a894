// Express 4 and 5, and the `router` package alone: route templates through nested mounts, and exceptions.
//
// The hook sees only the necessary calls: mounts with a path, the dispatch of a matched route, and the error path. Middleware is not
// wrapped, and layers keep their handlers, because tools for listing routes read the handlers.

import type { WatchedModule } from '../../loading/modules';
import { guarded } from '../../log';
import { noteMiddleware, noteRoute } from '../../requests/own-routes';
import { requestState, type RequestState } from '../../requests/state';
import type { Request, RequestTracker, Response } from '../../requests/tracker';
import { replaceMethod } from '../../patch';
import type { Hook } from '../hook';
import { PathJoiner, mountPathOf, type RoutePath } from './route-template';

type Next = (failure?: unknown) => void;
type Handle = (this: Layer, request: Request, response: Response, next: Next) => void;
type HandleError = (this: Layer, error: unknown, request: Request, response: Response, next: Next) => void;

/** A layer of Express 4 (`handle_request`) or of router 2 (`handleRequest`). */
interface Layer {
  handleRequest?: Handle;
  handle_request?: Handle;
}

interface RouterPrototype {
  use(...args: unknown[]): unknown;
  route(path: RoutePath): unknown;
}

interface Route {
  readonly path: RoutePath;
}

interface RoutePrototype {
  dispatch(this: Route, request: Request, response: Response, done: Next): void;
}

export const express: Hook = ({ requests }) => {
  const patchRouter = (prototype: RouterPrototype): void => {
    seeMounts(prototype, requests);
    noteRoutes(prototype);
  };
  const patchRoute = (route: { prototype: RoutePrototype }): void => seeRoutes(route.prototype, requests);
  const patchLayer = (layer: { prototype: object }): void => seeErrors(layer.prototype, requests);
  return [
    seen('express/lib/router/index.js', '>=4.0.0 <5', patchRouter),
    seen('express/lib/router/route.js', '>=4.0.0 <5', patchRoute),
    seen('express/lib/router/layer.js', '>=4.0.0 <5', patchLayer),
    seen('router', '>=2.0.0 <3', (router: { prototype: RouterPrototype }) => patchRouter(router.prototype)),
    seen('router/lib/route.js', '>=2.0.0 <3', patchRoute),
    seen('router/lib/layer.js', '>=2.0.0 <3', patchLayer),
    { name: 'finalhandler', versions: '>=1.0.0 <3', patch: (create: FinalHandler) => seeUnhandled(create, requests) },
  ];
};

function seen<T>(name: string, versions: string, see: (exports: T) => void): WatchedModule {
  const patch = (exports: T): T => {
    guarded(name, () => see(exports));
    return exports;
  };
  return { name, versions, patch };
}

/** `use(path, …)`: each added layer puts its path before the endpoints below the layer. */
function seeMounts(prototype: RouterPrototype, requests: RequestTracker): void {
  replaceMethod(
    prototype,
    'use',
    (use) =>
      function (this: { stack: Layer[] }, ...args: unknown[]) {
        const before = this.stack.length;
        const result = use.apply(this, args);
        const path = mountPathOf(args);
        guarded('a mount', () => (path === undefined ? noteMiddleware(args) : noteRoute(path)));
        if (path !== undefined) for (const layer of this.stack.slice(before)) markMount(layer, path, requests);
        return result;
      },
  );
}

function noteRoutes(prototype: RouterPrototype): void {
  replaceMethod(
    prototype,
    'route',
    (route) =>
      function (this: unknown, path) {
        guarded('a route', () => noteRoute(path));
        return route.call(this as RouterPrototype, path);
      },
  );
}

function markMount(layer: Layer, path: RoutePath, requests: RequestTracker): void {
  const method = layer.handleRequest === undefined ? 'handle_request' : 'handleRequest';
  const handle = layer[method];
  if (handle === undefined) return;
  const joiner = new PathJoiner(path);
  const mounted: Handle = function (request, response, next) {
    const state = requestState(request);
    if (state === undefined) return handle.call(this, request, response, next);
    const outer = state.mount;
    state.mount = joiner.after(outer, (request as { baseUrl?: string }).baseUrl);
    return handle.call(this, request, response, (failure) => {
      if (isError(failure)) noteFailure(state, request, response, failure, requests);
      state.mount = outer;
      next(failure);
    });
  };
  Object.defineProperty(layer, method, { value: mounted, configurable: true, writable: true, enumerable: false });
}

/** A matched route names the endpoint, unless the route hands the request on unanswered. */
function seeRoutes(prototype: RoutePrototype, requests: RequestTracker): void {
  replaceMethod(
    prototype,
    'dispatch',
    (dispatch) =>
      function (this: Route, request: Request, response: Response, done: Next) {
        const state = requestState(request);
        if (state === undefined) return dispatch.call(this, request, response, done);
        const before = state.endpoint;
        state.endpoint = endpointOf(this, state, request);
        return dispatch.call(this, request, response, (failure) => {
          if (isError(failure)) requests.failed(request, response, failure);
          else if (!response.headersSent) {
            state.endpoint = before;
            declined.set(request, this);
          }
          done(failure);
        });
      },
  );
}

/** Routes tried in vain: each handed the request on. */
const declined = new WeakMap<object, Route>();

/** Error middleware runs, or is skipped, through its layer's error method: the exception has reached the framework. */
function seeErrors(prototype: object, requests: RequestTracker): void {
  const name = 'handleError' in prototype ? 'handleError' : 'handle_error';
  replaceMethod(
    prototype as Record<string, HandleError>,
    name,
    (handleError) =>
      function (error, request, response, next) {
        const state = requestState(request);
        if (state !== undefined && isError(error)) noteFailure(state, request, response, error, requests);
        return handleError.call(this, error, request, response, next);
      },
  );
}

type FinalHandler = (request: Request, response: Response, options?: unknown) => Next;

/** An error not taken by any error middleware ends in finalhandler. */
function seeUnhandled(create: FinalHandler, requests: RequestTracker): FinalHandler {
  if (typeof create !== 'function') throw new TypeError('it is no function');
  return function finalhandler(request, response, options) {
    const done = create(request, response, options);
    return (failure) => {
      const state = requestState(request);
      if (state !== undefined && isError(failure)) noteFailure(state, request, response, failure, requests);
      done(failure);
    };
  };
}

/** A failing `router.param` callback runs before its route is dispatched: the route is then known from the request alone. */
function noteFailure(state: RequestState, request: Request, response: Response, failure: unknown, requests: RequestTracker): void {
  const { route } = request as { route?: Route };
  if (state.endpoint === undefined && route !== undefined && route !== declined.get(request)) state.endpoint = endpointOf(route, state, request);
  requests.failed(request, response, failure);
}

const joiners = new WeakMap<Route, PathJoiner>();

function endpointOf(route: Route, state: RequestState, request: Request): string {
  let joiner = joiners.get(route);
  if (joiner === undefined) joiners.set(route, (joiner = new PathJoiner(route.path)));
  return joiner.after(state.mount, request.url) || '/';
}

/** `next('route')` and `next('router')` are signals; any further truthy argument is an error. */
function isError(failure: unknown): boolean {
  return Boolean(failure) && failure !== 'route' && failure !== 'router';
}
