// The address of a client's server, and the client's user. The address comes from the client's open socket: the client has resolved names,
// sentinels and a natMap already, and a look-up of ours could keep the process alive.

import { Socket } from 'node:net';
import type { RedisClient } from './client';

/** Read before a tracing SDK of the app wraps `connect`: our connections are no traffic of the app's. */
const connect = Socket.prototype.connect as (this: Socket, to: Endpoint) => Socket;

/** The user whose rights a question needs, and the question's database. */
export interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
}

type Endpoint = { readonly path: string } | { readonly host: string | undefined; readonly port: number | undefined };

/**
 * Identifies this client's server.
 *
 * @throws if the server cannot be known
 */
export function addressOf(client: RedisClient): string {
  const endpoint = endpointOf(client);
  return 'path' in endpoint ? endpoint.path : `${endpoint.host}:${endpoint.port}`;
}

export function loginOf({ options, condition }: RedisClient): Login {
  const { username, password, db } = options;
  return { username: username || undefined, password: password ?? undefined, database: condition?.select ?? db ?? 0 };
}

/** A connection in the making to a client's server. The connection keeps no process alive. */
export function openBeside(client: RedisClient): Socket {
  const { options, stream } = client;
  const endpoint = endpointOf(client);
  const socket = new Socket();
  connect.call(socket, endpoint);
  socket.unref();
  const encrypted = stream?.remoteAddress === undefined ? Boolean(options.tls) : 'encrypted' in stream;
  if (!encrypted) return socket;
  const tls = require('node:tls') as typeof import('node:tls');
  const host = options.sentinels ? stream?.remoteAddress : options.host;
  return tls.connect({ host, ...(options.tls as object), socket });
}

function endpointOf({ options, stream }: RedisClient): Endpoint {
  if (options.Connector) throw new Error('the app reaches it through a Connector of its own');
  if (options.path && !options.sentinels) return { path: options.path };
  const { remoteAddress: host, remotePort: port } = stream ?? {};
  if (host !== undefined) return { host, port };
  if (options.sentinels) throw new Error('its sentinels have named no master');
  return { host: options.host, port: options.port };
}
