// Looks for a literal route in a running Express app, through its mounted routers and sub-apps.

import type net from 'node:net';
import { templateOf, type RoutePath } from './route-template';

/** The paths at which layers were mounted, by layer; written by the express hook. */
export const mountPaths = new WeakMap<object, RoutePath>();

interface Stack {
  readonly stack: readonly RoutedLayer[];
}

interface RoutedLayer {
  readonly handle: unknown;
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
}

/** True if an Express app that listens on `server` has a route for GET at exactly `path`. */
export function expressHasRoute(server: net.Server, path: string): boolean {
  return server.listeners('request').some((listener) => {
    const router = routerOf(listener);
    return router !== undefined && hasRoute(router, '', path);
  });
}

function hasRoute({ stack }: Stack, mount: string, path: string): boolean {
  return stack.some((layer) => {
    const { route } = layer;
    if (route !== undefined)
      return answersGet(route.methods) && [route.path].flat().some((own) => typeof own === 'string' && mount + templateOf(own, undefined) === path);
    const inner = routerOf(layer.handle);
    const mounts = [mountPaths.get(layer) ?? '']
      .flat()
      .filter((own) => typeof own === 'string')
      .map((own) => mount + templateOf(own, undefined));
    // Only where the path leads: a router may be mounted below itself.
    return inner === undefined ? mounts.includes(path) : mounts.some((at) => path.startsWith(at) && hasRoute(inner, at, path));
  });
}

function answersGet(methods: Readonly<Record<string, boolean>>): boolean {
  return methods['get'] === true || methods['_all'] === true;
}

/** The router of an app (Express 5: `router`, Express 4: `_router`, whose `router` getter throws), or a router itself. */
function routerOf(handler: unknown): Stack | undefined {
  if (typeof handler !== 'function') return undefined;
  const candidate = handler as unknown as { stack?: unknown; _router?: Stack; lazyrouter?: unknown; router?: Stack };
  if (Array.isArray(candidate.stack)) return candidate as Stack;
  return candidate.lazyrouter === undefined ? candidate.router : candidate._router;
}
