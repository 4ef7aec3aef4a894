// Koa 2 and 3 with @koa/router or koa-router: the matched template, known once the router has run, and exceptions.

import { guarded } from '../../log';
import { noteMiddleware, noteRouter, type Routes } from '../../requests/own-routes';
import { requestState } from '../../requests/state';
import type { Request, RequestTracker, Response } from '../../requests/tracker';
import { replaceMethod } from '../../patch';
import type { Hook } from '../hook';

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
  use(middleware: Middleware): unknown;
}

/** The middleware given to `use` by a router has the router as a property. */
interface Middleware {
  readonly router?: Routes;
}

export const koa: Hook = ({ requests }) => {
  const patchContext = (context: Context): Context => {
    guarded('koa', () => seeErrors(context, requests));
    return context;
  };
  const patchApplication = (application: { prototype: Application }): unknown => {
    guarded('koa', () => {
      seeContexts(application.prototype);
      seeMiddleware(application.prototype);
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

function seeMiddleware(prototype: Application): void {
  replaceMethod(
    prototype,
    'use',
    (use) =>
      function (this: Application, middleware) {
        guarded('koa', () => {
          noteMiddleware(middleware);
          if (Array.isArray(middleware.router?.stack)) noteRouter(middleware.router);
        });
        return use.call(this, middleware);
      },
  );
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
