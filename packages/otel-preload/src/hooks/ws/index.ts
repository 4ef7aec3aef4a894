// ws 7 and 8, and libraries built on ws (socket.io, GraphQL servers): accepted connections, and connections open now.

import type { Instruments } from '../../instruments';
import { guarded } from '../../log';
import { replaceMethod } from '../../patch';
import type { Hook } from '../hook';

/** `readyState` of a socket whose connection is over. */
const CLOSED = 3;

interface Socket {
  readonly readyState: number;
  once(event: 'close', listener: () => void): unknown;
}

type Accept = (socket: Socket, ...rest: unknown[]) => void;

interface Server {
  readonly prototype: { handleUpgrade(request: unknown, socket: unknown, head: unknown, accept: Accept): void };
}

/** The file, not the package: an ESM import of `ws` loads this file without the package's main module. */
export const ws: Hook = ({ config, instruments }) => {
  if (config.disabled.has('websocket')) return [];
  let accepted: ((socket: Socket) => void) | undefined;
  const patch = (server: Server): Server => {
    accepted ??= countConnections(instruments);
    seeConnections(server, accepted);
    return server;
  };
  return [{ name: 'ws/lib/websocket-server.js', versions: '>=7.0.0 <9', patch }];
};

/**
 * Every way into a server ends in the callback of `handleUpgrade`: its own HTTP server, `noServer`, and servers inside
 * servers. The event `connection` is the app's to emit, and is not emitted by socket.io.
 */
function seeConnections(server: Server, accepted: (socket: Socket) => void): void {
  replaceMethod(
    server.prototype,
    'handleUpgrade',
    (handleUpgrade) =>
      function (this: unknown, request, socket, head, accept) {
        return handleUpgrade.call(this as Server['prototype'], request, socket, head, (connection, ...rest) => {
          guarded('counting WebSocket connections', () => accepted(connection));
          accept(connection, ...rest);
        });
      },
  );
}

/** A single count for all copies of ws in the process. */
function countConnections(instruments: Instruments): (socket: Socket) => void {
  const open = new Set<Socket>();
  instruments.add('websocket_connections_total', 0);
  instruments.observe('websocket_connections_active', (observe) => {
    // The app may have removed all listeners of a socket, ours with them.
    for (const socket of open) if (socket.readyState === CLOSED) open.delete(socket);
    observe(open.size);
  });
  return (socket) => {
    instruments.add('websocket_connections_total', 1);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
}
