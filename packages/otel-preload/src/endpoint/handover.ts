// How a process asks another one of ours for METRICS_PORT: one request over loopback, `UNBIND /metrics` (RFC 5842's method: no page in a
// browser can send it unasked, and no program that is not ours does anything on it).

import net from 'node:net';
import { ignoreErrors, listen } from '../later';
import { isForwarded } from './access';
import type { Request } from './exchange';

export const UNBIND = 'UNBIND';

/** A holder that does not answer within this time is not ours, or is stuck: the app then gets its error. */
const PATIENCE_MS = 1000;

/** True if whoever holds the port has given it up. Keeps the process alive meanwhile: an app that only waits to listen must not end. */
export async function askForPort(port: number, host: string | undefined, path: string): Promise<boolean> {
  for (const address of addressesOf(host)) if (await ask(address, port, path)) return true;
  return false;
}

/** Where a fallback is found from its own machine. */
function addressesOf(host: string | undefined): readonly string[] {
  return host === undefined || host === '::' || host === '0.0.0.0' ? ['127.0.0.1', '::1'] : [host];
}

/** Over a bare socket: a request through node:http would be counted as one of the app's. */
function ask(host: string, port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect({ host, port, timeout: PATIENCE_MS });
    socket.setEncoding('latin1');
    ignoreErrors(socket);
    listen('asking for METRICS_PORT', socket, {
      connect: () => socket.write(`${UNBIND} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
      data: (text: string) => (answer += text).length > 15 && socket.destroy(),
      timeout: () => socket.destroy(),
      close: () => resolve(answer.startsWith('HTTP/1.1 204 ')),
    });
  });
}

/** Only a process of the same machine may ask, and not through a proxy there. */
export function mayAsk(request: Request): boolean {
  const { remoteAddress, localAddress } = request.socket;
  return remoteAddress !== undefined && remoteAddress === localAddress && !isForwarded(request.headers);
}
