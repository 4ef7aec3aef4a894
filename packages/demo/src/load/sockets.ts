// A handful of clients that listen to the live updates for a while, and come back.

import { WebSocket } from 'ws';
import type { Tally } from './tally';

const CLIENTS = 8;
const SHORTEST_MS = 3_000;
const LONGEST_MS = 20_000;
const LEAVING_MS = 5_000;

export class LiveSockets {
  readonly #open = new Set<WebSocket>();
  #stopped = false;

  constructor(
    readonly url: string,
    readonly headers: Readonly<Record<string, string>>,
    readonly tally: Tally,
  ) {}

  start(): void {
    for (let client = 0; client < CLIENTS; client += 1) this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#open].map(leave));
  }

  #connect(): void {
    const socket = new WebSocket(this.url, { headers: this.headers });
    this.#open.add(socket);
    socket.on('open', () => {
      this.tally.socketsOpened += 1;
      const stay = SHORTEST_MS + Math.random() * (LONGEST_MS - SHORTEST_MS);
      setTimeout(() => socket.close(), stay).unref();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => this.tally.noAnswer(`WebSocket ${error.code ?? error.message}`));
    socket.on('close', () => {
      this.#open.delete(socket);
      if (!this.#stopped) setTimeout(() => this.#stopped || this.#connect(), 500).unref();
    });
  }
}

function leave(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    // The backend may have accepted, and counted, a client that still connects: such a client leaves only after this side knows of the connection.
    if (socket.readyState === WebSocket.CONNECTING) socket.once('open', () => socket.close());
    else socket.close();
    setTimeout(() => socket.terminate(), LEAVING_MS).unref();
  });
}
