// Lets the app answer first if the app may have a route at the path, and inspects the app's answer before any part is sent.

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { guarded } from '../log';
import type { Response } from './exchange';

/** The fate of the app's answer: sent unchanged, replaced by the preload's answer, or held until complete. */
export type Fate = 'kept' | 'replaced' | 'held';

export interface Questions {
  /** Asked when the app begins to answer, with status and headers set on the response. */
  judge(response: Response): Fate;
  /** Called at the end of the app's answer. Nothing of the answer is sent, and the response has its own methods back. */
  ended(fate: 'replaced' | 'held', body: Buffer): void;
}

type Method = (this: Response, ...args: any[]) => unknown;
type Methods = Record<'writeHead' | 'write' | 'end' | 'flushHeaders', Method>;

/** To be called before the app sees the request. */
export function askApp(response: Response, { judge, ended }: Questions): void {
  const own = response as unknown as Methods;
  const { writeHead, write, end, flushHeaders } = own;
  const parts: Buffer[] = [];
  let fate: Fate | undefined;
  const isKept = (): boolean => (fate ??= guarded('the answer of the app', () => judge(response)) ?? 'kept') === 'kept';
  const take = (args: unknown[]): void => {
    const [chunk, encoding] = args;
    if (typeof chunk === 'string') parts.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) parts.push(Buffer.from(chunk));
    const done = args.findLast((arg) => typeof arg === 'function') as (() => void) | undefined;
    if (done !== undefined) process.nextTick(done);
  };
  const asked: Methods = {
    writeHead(...args) {
      const isFirst = fate === undefined;
      if (isFirst) setHead(this as ServerResponse, args);
      return isKept() ? writeHead.apply(this, isFirst ? [this.statusCode] : args) : this;
    },
    write(...args) {
      if (isKept()) return write.apply(this, args);
      take(args);
      return true;
    },
    end(...args) {
      if (isKept()) return end.apply(this, args);
      take(args);
      for (const name of Object.keys(asked)) Reflect.deleteProperty(response, name);
      ended(fate as 'replaced' | 'held', Buffer.concat(parts));
      return this;
    },
    flushHeaders() {
      if (isKept()) flushHeaders.apply(this);
    },
  };
  for (const [name, value] of Object.entries(asked)) Object.defineProperty(response, name, { value, configurable: true, writable: true });
}

/** Sets the arguments of `writeHead` on the response, as if the app had set each beforehand. */
function setHead(response: ServerResponse, [status, ...rest]: unknown[]): void {
  response.statusCode = status as number;
  if (typeof rest[0] === 'string') response.statusMessage = rest.shift() as string;
  const headers = rest[0] as OutgoingHttpHeaders | unknown[] | undefined;
  const pairs = Array.isArray(headers) ? pairsOf(headers) : Object.entries(headers ?? {});
  for (const [name, value] of pairs) if (value !== undefined) response.setHeader(name, value as string);
}

/** Groups a flat list of names and values: several values of the same name become a single entry. */
function pairsOf(list: readonly unknown[]): [string, unknown][] {
  const flat = list.flat();
  const values = new Map<string, unknown[]>();
  for (let at = 0; at + 1 < flat.length; at += 2) values.set(String(flat[at]), [...(values.get(String(flat[at])) ?? []), flat[at + 1]]);
  return [...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]);
}
