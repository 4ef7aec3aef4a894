// Koa 2 and 3 with @koa/router or koa-router: the matched template, known once the router has run, and exceptions.

import { guarded } from '../log';
import { addRouteLookup } from '../requests/own-routes';
import { requestState } from '../requests/state';
import type { Request, RequestTracker, Response } from '../requests/tracker';
import { replaceMethod } from '../patch';
import type { Hook } from './hook';

const VERSIONS = '>=2.0.0 <4';

interface Context {
  readonly req: Request;
  readonly res: Response;
  /** Set by the router: a path, or an expression. */
  readonly _matchedRoute?: string | RegExp;
  onerror(error: unknown): void;
}

interface Application {
  createContext(request: Request, response: Response): Context;
  /** The listener for an HTTP server; `listen` asks for it as well. */
  callback(): object;
  readonly middleware: readonly Middleware[];
}

/** What a router gives to `use` has the router on it. */
interface Middleware {
  readonly router?: { readonly stack: readonly { readonly path: unknown; readonly methods: readonly string[] }[] };
}

export const koa: Hook = ({ requests }) => {
  const apps = new WeakMap<object, Application>();
  addRouteLookup((server, path) => server.listeners('request').some((listener) => hasRoute(apps.get(listener), path)));
  const patchContext = (context: Context): Context => {
    guarded('koa', () => seeErrors(context, requests));
    return context;
  };
  const patchApplication = (application: { prototype: Application }): unknown => {
    guarded('koa', () => {
      seeContexts(application.prototype);
      seeCallbacks(application.prototype, apps);
    });
    return application;
  };
  return [
    { name: 'koa', versions: VERSIONS, patch: patchApplication },
    { name: 'koa/lib/context.js', versions: VERSIONS, patch: patchContext },
  ];
};

function seeContexts(prototype: Application): void {
  replaceMethod(
    prototype,
    'createContext',
    (createContext) =>
      function (this: Application, request: Request, response: Response) {
        const context = createContext.call(this, request, response);
        const state = requestState(request);
        if (state !== undefined) state.readEndpoint = () => context._matchedRoute?.toString();
        return context;
      },
  );
}

function seeCallbacks(prototype: Application, apps: WeakMap<object, Application>): void {
  replaceMethod(
    prototype,
    'callback',
    (callback) =>
      function (this: Application) {
        const listener = callback.call(this);
        apps.set(listener, this);
        return listener;
      },
  );
}

function hasRoute(app: Application | undefined, path: string): boolean {
  const routes = app?.middleware.flatMap(({ router }) => router?.stack ?? []) ?? [];
  return routes.some((route) => route.path === path && route.methods.includes('GET'));
}

function seeErrors(prototype: Context, requests: RequestTracker): void {
  replaceMethod(
    prototype,
    'onerror',
    (onerror) =>
      function (this: Context, error: unknown) {
        if (error) requests.failed(this.req, this.res, error);
        return onerror.call(this, error);
      },
  );
}
