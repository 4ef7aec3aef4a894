// Koa 2 and 3 with @koa/router or koa-router: the matched template, known once the router has run, and exceptions.

import { InstrumentationNodeModuleDefinition, InstrumentationNodeModuleFile } from '@opentelemetry/instrumentation';
import { guarded } from '../log';
import { requestState } from '../requests/state';
import type { Request, RequestTracker, Response } from '../requests/tracker';
import { type Hook, replaceMethod } from './hook';

const VERSIONS = ['>=2.0.0 <4'];

interface Context {
  readonly req: Request;
  readonly res: Response;
  /** Set by the router: a path, or an expression. */
  readonly _matchedRoute?: string | RegExp;
  onerror(error: unknown): void;
}

interface Application {
  createContext(request: Request, response: Response): Context;
}

export const koa: Hook = ({ requests }) => {
  const patchContext = (context: Context): Context => {
    guarded('koa', () => seeErrors(context, requests));
    return context;
  };
  const patchApplication = (application: { prototype: Application }): unknown => {
    guarded('koa', () => seeContexts(application.prototype));
    return application;
  };
  return [
    new InstrumentationNodeModuleDefinition('koa', VERSIONS, patchApplication, undefined, [
      new InstrumentationNodeModuleFile('koa/lib/context.js', VERSIONS, patchContext, () => undefined),
    ]),
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
