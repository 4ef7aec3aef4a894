// The payment provider's sandbox, for the backend to call over HTTP: takes its time, and pays nobody.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PaymentProvider {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPaymentProvider(): Promise<PaymentProvider> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.writeHead(201).end(), randomInt(80, 600));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
