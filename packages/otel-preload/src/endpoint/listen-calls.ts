// Sees the calls of net.Server#listen for METRICS_PORT, and can repeat such a call. All further calls pass unchanged.

import net from 'node:net';
import { replaceMethod } from '../patch';
import { guarded } from '../log';

type Listen = (this: net.Server, ...args: unknown[]) => net.Server;

export class ListenCalls {
  readonly #calls = new WeakMap<net.Server, readonly unknown[]>();
  #listen = net.Server.prototype.listen as Listen;

  constructor(private readonly port: number) {}

  /** @param asked called before a server of the app binds the port */
  watch(asked: () => void): void {
    const seen = (server: net.Server, args: readonly unknown[]): void => {
      if (portAskedFor(args) !== this.port) return;
      this.#calls.set(server, args);
      guarded('giving METRICS_PORT up', asked);
    };
    replaceMethod(net.Server.prototype as unknown as { listen: Listen }, 'listen', (listen) => {
      this.#listen = listen;
      return function (this: net.Server, ...args: unknown[]): net.Server {
        seen(this, args);
        return listen.apply(this, args);
      };
    });
  }

  /** A function that repeats the server's last call; undefined without a call, or after an earlier `takeLast`. */
  takeLast(server: net.Server): (() => void) | undefined {
    const args = this.#calls.get(server);
    this.#calls.delete(server);
    if (args === undefined) return undefined;
    // The failed call has already registered its callback for 'listening'. Passed again, the callback would run twice.
    return () =>
      this.#listen.apply(
        server,
        args.filter((arg) => typeof arg !== 'function'),
      );
  }

  /** Listens past `watch`: for the fallback server. */
  listenUnseen(server: net.Server, options: net.ListenOptions): void {
    this.#listen.call(server, options);
  }
}

/** The port of `listen(port, …)`, `listen('port', …)` or `listen({ port, … })`; none for sockets, handles and descriptors. */
function portAskedFor([first]: readonly unknown[]): number | undefined {
  const asked = typeof first === 'object' && first !== null ? (first as { port?: unknown }).port : first;
  return typeof asked === 'number' || typeof asked === 'string' ? Number(asked) : undefined;
}
