// Whether a port can be had.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** Whether nobody listens on `port`: neither on all addresses, nor on loopback alone. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port)) && (await canListen(port, '127.0.0.1'));
}

async function canListen(port: number, host?: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
