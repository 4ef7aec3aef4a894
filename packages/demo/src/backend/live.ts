// Live updates: every WebSocket at /live hears of new earnings and payouts.

import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Earning } from './store/earnings';
import type { Payout } from './store/payouts';

export type LiveEvent = { type: 'earning'; earning: Earning } | { type: 'payout'; payout: Payout };

/** A client without an answer to a ping by the next ping is gone. */
const PING_MS = 30_000;

export class LiveUpdates {
  #sockets: WebSocketServer | undefined;
  #pings: NodeJS.Timeout | undefined;
  readonly #answered = new WeakSet<WebSocket>();

  attach(server: Server): void {
    this.#sockets = new WebSocketServer({ server, path: '/live' });
    this.#sockets.on('connection', (socket) => this.#welcome(socket));
    this.#pings = setInterval(() => this.#ping(), PING_MS);
  }

  publish(event: LiveEvent): void {
    const message = JSON.stringify(event);
    for (const socket of this.#sockets?.clients ?? []) {
      if (socket.readyState === WebSocket.OPEN) socket.send(message);
    }
  }

  /** Tells the clients to come back later, and waits until they have gone. */
  async close(): Promise<void> {
    clearInterval(this.#pings);
    const clients = [...(this.#sockets?.clients ?? [])];
    const gone = clients.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of clients) socket.close(1001, 'server restarts');
    const impatient = setTimeout(() => clients.forEach((socket) => socket.terminate()), 2_000);
    await Promise.all(gone);
    clearTimeout(impatient);
    this.#sockets?.close();
  }

  #welcome(socket: WebSocket): void {
    this.#answered.add(socket);
    socket.on('pong', () => this.#answered.add(socket));
    socket.on('error', (error) => console.error(`live connection: ${error.message}`));
  }

  #ping(): void {
    for (const socket of this.#sockets?.clients ?? []) {
      if (!this.#answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }
}
