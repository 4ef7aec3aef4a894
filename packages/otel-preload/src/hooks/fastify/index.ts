// Fastify 4 and 5: route templates and exceptions, through Fastify's own hooks and diagnostics channel.

import diagnostics from 'node:diagnostics_channel';
import { guarded } from '../../log';
import { noteRoute } from '../../requests/own-routes';
import { requestState } from '../../requests/state';
import type { Request, RequestTracker, Response } from '../../requests/tracker';

interface FastifyRequest {
  readonly raw: Request;
  /** `url` is undefined where no route matched. */
  readonly routeOptions?: { readonly url?: string };
  /** Fastify before 4.10. */
  readonly routerPath?: string;
}

interface FastifyReply {
  readonly raw: Response;
}

interface Fastify {
  addHook(name: 'onRoute', hook: (route: { readonly url: string }) => void): void;
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void): void;
  addHook(name: 'onError', hook: (request: FastifyRequest, reply: FastifyReply, error: unknown, done: () => void) => void): void;
}

/** Subscribes to 'fastify.initialization', published before the app can register anything: our hooks run first. */
export function watchFastify(requests: RequestTracker, seen: () => void): void {
  diagnostics.subscribe('fastify.initialization', (message) => {
    guarded('fastify', () => {
      seen();
      const { fastify } = message as { fastify: Fastify };
      seeRequests(fastify, requests);
    });
  });
}

function seeRequests(fastify: Fastify, requests: RequestTracker): void {
  fastify.addHook('onRoute', ({ url }) => void guarded('a route', () => noteRoute(url)));
  fastify.addHook('onRequest', (request, _reply, done) => {
    const state = requestState(request.raw);
    if (state !== undefined) state.endpoint = request.routeOptions === undefined ? request.routerPath : request.routeOptions.url;
    done();
  });
  fastify.addHook('onError', (request, reply, error, done) => {
    requests.failed(request.raw, reply.raw, error);
    done();
  });
}
