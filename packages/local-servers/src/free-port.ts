// TCP ports of the loopback interface that nobody listens on.
import net from 'node:net';

/** A port that was free on 127.0.0.1 a moment ago; someone else may take it before it is used. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const TRIES = 3;

/**
 * Calls `start` with a free port, and again with another one if it fails because somebody took the port in between: under load even an
 * outgoing connection may do so.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await start(await freePort());
    } catch (thrown) {
      if (tried === TRIES || !/address already in use|port is already allocated/i.test(String(thrown))) throw thrown;
    }
  }
}
