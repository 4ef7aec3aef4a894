// Stands in front of a real receiver, passes on to it, and fails in the ways that receivers do when it is told to.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A number is a status that it answers by itself; `refused`: nobody listens. */
export type Fault = 'none' | 'refused' | 'slow' | 'hanging' | 'resetting' | number;

export interface FaultyReceiver {
  readonly writeUrl: string;
  turn(fault: Fault): Promise<void>;
  stop(): Promise<void>;
}

const SLOW_MS = 1_000;

export async function startFaultyReceiver(target: string): Promise<FaultyReceiver> {
  const { pathname } = new URL(target);
  let fault: Fault = 'none';
  const server = http.createServer((request, response) => void answer(fault, target, request, response));
  const listen = (port: number): Promise<void> => new Promise((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    writeUrl: `http://127.0.0.1:${port}${pathname}`,
    turn: async (to) => {
      fault = to;
      // What hangs under the old fault must not outlive it.
      server.closeAllConnections();
      if (to === 'refused') await close();
      else if (!server.listening) await listen(port);
    },
    stop: close,
  };
}

async function answer(fault: Fault, target: string, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  if (fault === 'resetting') return void request.socket.resetAndDestroy();
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  if (typeof fault === 'number') return void response.writeHead(fault).end();
  if (fault === 'hanging') return;
  if (fault === 'slow') await sleep(SLOW_MS);
  if (!response.destroyed) await passOn(target, request, Buffer.concat(chunks), response);
}

/** What fails here is a receiver that went away: the sender has to see that. */
async function passOn(target: string, { headers }: http.IncomingMessage, body: Buffer, response: http.ServerResponse): Promise<void> {
  const { host: _, connection: __, 'content-length': ___, ...rest } = headers;
  const inner = http.request(target, { method: 'POST', headers: { ...rest, 'content-length': body.length } });
  inner.on('response', (from) => {
    response.writeHead(from.statusCode!, from.headers);
    from.pipe(response);
  });
  inner.on('error', () => response.destroy());
  inner.end(body);
}
