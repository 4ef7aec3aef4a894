// The small server of ours: open on METRICS_PORT while the app itself is not there, and gone as soon as anybody of the app asks for the port.

import type http from 'node:http';
import type net from 'node:net';
import type { Config } from '../config';
import { after, listen } from '../later';
import { reason, sayOnce } from '../log';
import { emit, asLoaded, Server } from '../originals/objects';
import { answering } from './answering';
import type { Request, Response } from './exchange';

/** An app that opens its port by itself does so within this time; if later, it is given the port then. */
const GRACE_MS = 1000;
/** Whoever asked for the port and did not take it by then does not need it. */
const TAKEN_BY_THEN_MS = 5000;

/** One line whichever way the port was lost. */
const NOT_SERVED = 'METRICS_PORT lost';

export interface FallbackSettings extends Pick<Config, 'host'> {
  readonly port: number;
}

/** What the server needs of its surroundings. */
export interface Surroundings {
  /** Answers a request; called for each. */
  answer(server: net.Server, request: Request, response: Response): void;
  /** Asked just before the port would be opened; false: not (any more). */
  wanted(): boolean;
  listen(server: net.Server, options: net.ListenOptions): void;
}

export class Fallback {
  #server: http.Server | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: FallbackSettings,
    private readonly surroundings: Surroundings,
  ) {}

  /** Opens after the grace, if it is wanted then. A later call begins the grace anew. */
  openLater(delay = GRACE_MS): void {
    clearTimeout(this.#timer);
    this.#timer = after('opening METRICS_PORT', delay, () => this.#open());
  }

  /** Frees the port at once, for the app in this process. True if it was held. */
  giveUp(): boolean {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return false;
    server.close();
    server.closeIdleConnections();
    this.openLater();
    return true;
  }

  /** Frees the port for another process, which has the better right to it: scraped there, these metrics would pass for its own. */
  handOver(): void {
    const { port } = this.settings;
    sayOnce(
      NOT_SERVED,
      `another process asked for port ${port}, so that the metrics of this one are served no more: it needs a METRICS_PORT of its own`,
    );
    this.giveUp();
    this.openLater(TAKEN_BY_THEN_MS);
  }

  #open(): void {
    if (this.#server !== undefined || !this.surroundings.wanted()) return;
    const server = asLoaded(
      new Server((request, response) => void answering(response, () => (this.surroundings.answer(server, request, response), true))),
    );
    // Past every wrap of the prototypes, ours and other instrumentations': what happens here is not the app's doing.
    server.emit = emit;
    listen('METRICS_PORT', server, {
      connection: (socket: net.Socket) => socket.unref(),
      error: (error: NodeJS.ErrnoException) => this.#failed(server, error),
      // Given up while METRICS_HOST was still being looked up: Node 18 listens all the same.
      listening: () => this.#server !== server && server.close(),
    });
    this.#server = server;
    const { port, host } = this.settings;
    this.surroundings.listen(server, { port, host });
    server.unref();
  }

  /** Not tried again: if it is taken, then by the API, whose absence must not be hidden by the metrics of a worker. */
  #failed(server: http.Server, error: NodeJS.ErrnoException): void {
    if (this.#server === server) this.#server = undefined;
    const { port } = this.settings;
    const taken = `port ${port} is taken by another process, so that the metrics of this one are not served: it needs a METRICS_PORT of its own`;
    const closed = `port ${port} cannot be opened, so that the metrics are not served: ${reason(error)}; see METRICS_PORT and METRICS_HOST`;
    sayOnce(NOT_SERVED, error.code === 'EADDRINUSE' ? taken : closed);
  }
}
