// Finds out from the operating system, not from the port's holder, if a port can be opened.

import net from 'node:net';
import { listen } from '../later';

/** Opens the port and closes the port at once. */
export function isFree(options: net.ListenOptions, bind: (server: net.Server, options: net.ListenOptions) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    listen('looking for METRICS_PORT', server, {
      error: () => resolve(false),
      listening: () => server.close(() => resolve(true)),
    });
    bind(server, options);
    server.unref();
  });
}
