// Whether the app has a route of its own at a path: frameworks' hooks know how to look, the endpoint asks.

import type net from 'node:net';

/** True if the framework that listens on `server` has a GET route at exactly `path`. */
export type RouteLookup = (server: net.Server, path: string) => boolean;

const lookups: RouteLookup[] = [];

export function addRouteLookup(lookup: RouteLookup): void {
  lookups.push(lookup);
}

/** True if the app itself registered a route at exactly `path` on what `server` serves. */
export function appHasRoute(server: net.Server, path: string): boolean {
  return lookups.some((lookup) => lookup(server, path));
}
