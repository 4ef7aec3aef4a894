// Sees every request of every HTTP server in the process, and what servers do with their ports.

import { EventEmitter } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { Endpoint } from '../../endpoint';
import { guarded, reason, sayOnce } from '../../log';
import type { Request, RequestTracker, Response } from '../../requests/tracker';
import { replaceMethod } from '../../patch';

/**
 * Wraps `net.Server.prototype.emit`, which http, https and both kinds of http2 server inherit: one place sees them all,
 * neither https nor http2 has to be loaded for it, and what another SDK wraps on `http.Server` stays outside of ours.
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
          // Looked up each time where it is inherited: node:domain, once it is loaded, replaces it.
          return (inherits ? EventEmitter.prototype.emit : emit).apply(this, args as [string]);
        },
    );
  }
  guarded('requests under way', () => openRequestsUnderWay(requests));
}

/**
 * Where the preload is started late, as by the first request of a serverless function, that request has been emitted already. Its time
 * counts from now on. Undocumented: a socket's `_httpMessage` is the response that it is to send.
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

/** Who has wrapped `http.Server` before us calls what it found then, past `net.Server`: there, ours has to be around it. */
function emitOwners(): EmitOwner[] {
  const wrapped = ({ prototype }: { prototype: object }): boolean => Object.hasOwn(prototype, 'emit');
  if (!wrapped(http.Server)) return [net.Server.prototype];
  const https = require('node:https') as typeof import('node:https');
  const servers = [net.Server, http.Server, ...(wrapped(https.Server) ? [https.Server] : [])];
  return servers.map(({ prototype }) => prototype);
}

/** Told by what all of them have and plain TCP and TLS servers lack: a request listener or an HTTP timeout. */
function isHttpServer(server: net.Server): boolean {
  return server.listenerCount('request') > 0 || 'headersTimeout' in server;
}
