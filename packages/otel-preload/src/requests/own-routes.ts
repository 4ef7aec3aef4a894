// Signs of an app's own answer at METRICS_PATH: the frameworks' hooks note signs, and the endpoint reads the signs. A sign is no proof: given a
// sign, the endpoint asks the app first.

import type net from 'node:net';

export type Sign = 'route' | 'mention' | undefined;

let word = 'metrics';
let noted: Sign;
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
  if (noted !== 'route' && mentions(path)) noted = 'route';
}

/** A middleware was registered, and runs before routes. */
export function noteMiddleware(...middleware: readonly unknown[]): void {
  if (noted === undefined && middleware.flat(Infinity).some((each) => typeof each === 'function' && mentions(textOf(each)))) noted = 'mention';
}

export function noteRouter(router: Routes): void {
  routers.push(router);
}

/** A library for serving metrics was loaded. */
export function noteLibrary(): void {
  if (word === 'metrics') noted ??= 'mention';
}

export function signOf(server: net.Server): Sign {
  if (noted !== 'route' && routers.some(({ stack }) => stack.some(({ path }) => mentions(path)))) noted = 'route';
  return noted ?? (server.listeners('request').some(listenerMentions) ? 'mention' : undefined);
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
