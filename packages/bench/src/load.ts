// A load of a fixed number of requests over keep-alive connections, sent one by one on each connection: little CPU, exact counts.

import net from 'node:net';
import { awake } from './awake';

/** Sends `count` GET requests for `path` over `connections`; rejects at the first answer other than 200. */
export async function load(port: number, path: string, count: number, connections = 8): Promise<void> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
  let left = count;
  const next = (): Buffer | undefined => (left-- > 0 ? request : undefined);
  await awake(Promise.all(Array.from({ length: connections }, () => drive(port, next))));
}

function drive(port: number, next: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
    let text = '';
    const send = (): void => {
      const request = next();
      if (request === undefined) socket.end();
      else socket.write(request);
    };
    socket
      .on('connect', send)
      .on('error', reject)
      .on('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = endOfResponse(text);
      if (end === undefined) return;
      if (!text.startsWith('HTTP/1.1 200')) return void reject(new Error(text.slice(0, 200)));
      text = '';
      send();
    });
  });
}

/** The end of the response; undefined until the response is whole. */
function endOfResponse(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return text.length >= head + 4 + length ? head + 4 + length : undefined;
}
