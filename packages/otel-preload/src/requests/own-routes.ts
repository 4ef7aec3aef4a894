// Signs of an app's own answer at METRICS_PATH: the frameworks' hooks note signs, and the endpoint reads the signs. A sign is no proof: given a
// sign, the endpoint asks the app first.

import type net from 'node:net';
import { requestState } from './state';

let word = 'metrics';
let noted = false;
const routers: Routes[] = [];
/** By listener: the length of the stack read so far, and true if the listener mentions the word. */
const readListeners = new WeakMap<object, readonly [length: number, mentions: boolean]>();

/** Routes to read at each scrape. */
export interface Routes {
  readonly stack: readonly { readonly path: unknown }[];
}

/** @param path METRICS_PATH; from now on the last part of the path is the word to look for */
export function lookFor(path: string): void {
  const last = path.split('/').findLast((part) => part !== '');
  word = last?.toLowerCase() ?? '/';
}

/** A route, or a mount, was registered. */
export function noteRoute(path: unknown): void {
  noted ||= mentions(path);
}

/** A middleware was registered, and runs before routes. */
export function noteMiddleware(...middleware: readonly unknown[]): void {
  noted ||= middleware.flat(Infinity).some((each) => typeof each === 'function' && mentions(textOf(each)));
}

export function noteRouter(router: Routes): void {
  routers.push(router);
}

/** A library for serving metrics was loaded. */
export function noteLibrary(): void {
  noted ||= word === 'metrics';
}

/** True if the app may answer METRICS_PATH itself. */
export function isSigned(server: net.Server): boolean {
  noted ||= routers.some(({ stack }) => stack.some(({ path }) => mentions(path)));
  return noted || server.listeners('request').some(listenerMentions);
}

/** True if the route or the mount that has the request names METRICS_PATH. Undefined: no framework has reported a route. */
export function routeNames(request: object): boolean | undefined {
  const { endpoint, readEndpoint, mount } = requestState(request) ?? {};
  const route = endpoint ?? readEndpoint?.() ?? mount;
  return route ? mentions(route) : undefined;
}

/** Reads the listener's own text; if the listener is an app of connect, also the paths and texts of the app's stack. */
function listenerMentions(listener: unknown): boolean {
  const { stack = [] } = listener as { stack?: readonly { route?: unknown; handle?: unknown }[] };
  const [length, known] = readListeners.get(listener as object) ?? [-1, false];
  if (length === stack.length) return known;
  const found = [listener, ...stack.map(({ handle }) => handle)].some((each) => typeof each === 'function' && mentions(textOf(each)));
  const result = found || stack.some(({ route }) => mentions(route));
  readListeners.set(listener as object, [stack.length, result]);
  return result;
}

function textOf(of: unknown): string {
  return Function.prototype.toString.call(of);
}

function mentions(text: unknown): boolean {
  return String(text).toLowerCase().includes(word);
}
