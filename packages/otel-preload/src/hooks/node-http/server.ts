// Sees every request of every HTTP server in the process, and the servers' use of their ports.

import { EventEmitter } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { Endpoint } from '../../endpoint';
import { guarded, reason, sayOnce } from '../../log';
import type { Request, RequestTracker, Response } from '../../requests/tracker';
import { replaceMethod } from '../../patch';

/**
 * Wraps `net.Server.prototype.emit`, inherited by http, https and both kinds of http2 server: a single place sees them all,
 * neither https nor http2 has to be loaded for the wrap, and a wrap of `http.Server` by a second SDK stays outside of ours.
 */
export function watchHttpServers(endpoint: Endpoint, requests: RequestTracker): void {
  /** True when the app must not see the event. */
  const withheld = (server: net.Server, event: unknown, first: unknown, second: unknown): boolean => {
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        if (endpoint.answers(server, first as Request, second as Response)) return true;
        requests.open(first as Request, second as Response);
        return false;
      case 'listening':
        if (isHttpServer(server)) endpoint.listening(server);
        return false;
      case 'error':
        return (first as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE' && endpoint.addressInUse(server, first as NodeJS.ErrnoException);
      default:
        return false;
    }
  };
  for (const owner of emitOwners()) {
    const inherits = !Object.hasOwn(owner, 'emit');
    replaceMethod(
      owner,
      'emit',
      (emit) =>
        function (this: net.Server, ...args: unknown[]) {
          try {
            if (withheld(this, args[0], args[1], args[2])) return true;
          } catch (thrown) {
            sayOnce('http server', `watching HTTP servers failed, requests may be missing: ${reason(thrown)}`);
          }
          // Looked up at each call on the parent class: node:domain, once loaded, replaces `emit` there.
          return (inherits ? EventEmitter.prototype.emit : emit).apply(this, args as [string]);
        },
    );
  }
  guarded('requests under way', () => openRequestsUnderWay(requests));
}

/**
 * If the preload is started late, as by the first request of a serverless function, the server has emitted the request already. The
 * request's time counts from now on. Undocumented: a socket's `_httpMessage` is the response next to be sent on the socket.
 */
function openRequestsUnderWay(requests: RequestTracker): void {
  const sockets = (process as { _getActiveHandles?: () => { readonly _httpMessage?: unknown }[] })._getActiveHandles?.() ?? [];
  for (const { _httpMessage: response } of sockets) {
    if (response instanceof http.ServerResponse) requests.open(response.req, response);
  }
}

interface EmitOwner {
  emit(...args: unknown[]): boolean;
}

/** If `http.Server` was wrapped earlier, the earlier wrap calls its saved `emit`, past `net.Server`: our wrap then goes around the earlier wrap. */
function emitOwners(): EmitOwner[] {
  const wrapped = ({ prototype }: { prototype: object }): boolean => Object.hasOwn(prototype, 'emit');
  if (!wrapped(http.Server)) return [net.Server.prototype];
  const https = require('node:https') as typeof import('node:https');
  const servers = [net.Server, http.Server, ...(wrapped(https.Server) ? [https.Server] : [])];
  return servers.map(({ prototype }) => prototype);
}

/** All HTTP servers have a request listener or an HTTP timeout; plain TCP and TLS servers lack both. */
function isHttpServer(server: net.Server): boolean {
  return server.listenerCount('request') > 0 || 'headersTimeout' in server;
}
