// Free TCP ports of the loopback interface.
import crypto from 'node:crypto';
import net from 'node:net';

/** Below the ports that systems give to outgoing connections and to listeners on port 0: programs that run side by side take many of those. */
const [FIRST, END] = [10_000, 32_768];

/** A port that was free on 127.0.0.1 a moment ago; somebody else may take the port before the caller does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = crypto.randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const TRIES = 3;

/**
 * Calls `start` with a free port, and again with a new port if somebody took the first in between.
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
