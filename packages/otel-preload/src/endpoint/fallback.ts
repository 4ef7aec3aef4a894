// The fallback: a small server of the preload, open on METRICS_PORT as long as the app does not listen there.
// A process of the app that asks for the port gets the port.

import type http from 'node:http';
import type net from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Config } from '../config';
import { after, inBackground, listen } from '../later';
import { reason, sayOnce } from '../log';
import { asLoaded, emit, Server } from '../originals/objects';
import { answering } from './answering';
import type { Request, Response } from './exchange';
import { isFree } from './free-port';
import { askForPort, Seat, type Party } from './handover';

const { eventLoopUtilization } = performance;

/** An app that opens its port by itself does so within this time; a later app gets the port from the fallback. */
const GRACE_MS = 1000;
/** A process counts as started after this time. Earlier, a process idle for less than half of the grace still loads or migrates. */
const STARTED_BY_S = 30;
/** A process that asked for the port and has not opened the port after this time does not need the port. */
const TAKEN_BY_THEN_MS = 5000;
/** The fallback opens a stranger's former port after two looks, this far apart, found the port free: a restarting stranger gets the port back. */
const LOOK_MS = 30_000;

/** The log's key: a single line, however the port was lost. */
const NOT_SERVED = 'METRICS_PORT lost';

export interface FallbackSettings extends Pick<Config, 'host'> {
  readonly port: number;
}

/** The fallback's questions and calls to its surroundings. */
export interface Surroundings {
  /** Answers a request; called for each. */
  answer(server: net.Server, request: Request, response: Response): void;
  /** Asked just before the port would be opened; false: not (any more). */
  wanted(): boolean;
  /** True if this process has something to measure; false in a launcher that only starts programs. */
  isApp(): boolean;
  /** True if the app is about to listen, to all appearances. */
  isStarting(): boolean;
  listen(server: net.Server, options: net.ListenOptions): void;
}

export class Fallback {
  #server: http.Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** True once this process has given the port to a descendant of its own. */
  #yielded = false;

  constructor(
    private readonly settings: FallbackSettings,
    private readonly seat: Seat,
    private readonly surroundings: Surroundings,
    private readonly lookMs = LOOK_MS,
  ) {}

  /** Opens the port after the grace, if the port is still wanted then. A later call begins the grace anew. */
  openLater(delay = GRACE_MS): void {
    clearTimeout(this.#timer);
    const before = eventLoopUtilization();
    this.#timer = after('opening METRICS_PORT', delay, () => {
      const { idle } = eventLoopUtilization(before);
      const isStarting = idle < delay / 2 || this.surroundings.isStarting();
      if (isStarting && process.uptime() < STARTED_BY_S) this.openLater(delay);
      else this.#open();
    });
  }

  /** Frees the port at once, for the app in this process. True if the fallback held the port. */
  giveUp(): boolean {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return false;
    this.seat.leave();
    server.close();
    server.closeIdleConnections();
    this.openLater();
    return true;
  }

  /**
   * The rule between processes of the same user. An app's server always gets the port. A fallback gets the port if this process is only the
   * asker's launcher. Between two processes that merely share METRICS_PORT the first keeps the port, so that the port does not go to and fro.
   */
  #gives({ role, pids }: Party): boolean {
    const isLauncher = this.#hasOnlyStarted(pids);
    if (role === 'fallback' && !isLauncher) return false;
    this.#yielded ||= isLauncher;
    if (!isLauncher) this.#sayLost('another process asked for', 'are served no more');
    this.giveUp();
    this.openLater(TAKEN_BY_THEN_MS);
    return true;
  }

  #hasOnlyStarted(pids: readonly number[]): boolean {
    return pids.includes(process.pid) && !this.surroundings.isApp();
  }

  #open(): void {
    if (this.#server !== undefined || !this.surroundings.wanted()) return;
    // Between two starts of its app, a launcher with the port would hide the app's absence.
    if (this.#yielded && !this.surroundings.isApp()) return this.openLater(this.lookMs);
    const server = asLoaded(
      new Server((request, response) => {
        // The connection was busy when the fallback gave the port up: the client's next connection must reach the new holder.
        if (this.#server !== server) request.socket.destroy();
        else answering(response, () => (this.surroundings.answer(server, request, response), true));
      }),
    );
    // Bypasses every wrap of the prototypes, of the preload and of further instrumentations: requests here are not the app's traffic.
    server.emit = emit;
    listen('METRICS_PORT', server, {
      connection: (socket: net.Socket) => socket.unref(),
      error: (error: NodeJS.ErrnoException) => this.#failed(server, error),
      listening: () => this.#opened(server),
    });
    this.#server = server;
    this.surroundings.listen(server, this.settings);
    server.unref();
  }

  #opened(server: http.Server): void {
    // Given up while METRICS_HOST was still being looked up: Node 18 listens all the same.
    if (this.#server !== server) server.close();
    else this.seat.take('fallback', (asker) => this.#gives(asker));
  }

  #failed(server: http.Server, error: NodeJS.ErrnoException): void {
    if (this.#server === server) this.#server = undefined;
    if (error.code === 'EADDRINUSE') inBackground('asking for METRICS_PORT', this.#askHolder());
    else {
      const { port } = this.settings;
      sayOnce(NOT_SERVED, `port ${port} cannot be opened, so that the metrics are not served: ${reason(error)}; see METRICS_PORT and METRICS_HOST`);
    }
  }

  /** An app's server keeps the port for good, even once closed: metrics of a different process must not hide the app's absence. */
  async #askHolder(): Promise<void> {
    const reply = await askForPort(this.settings.port, 'fallback');
    if (reply?.given === true) return this.#open();
    this.#yielded ||= reply !== undefined && this.#hasOnlyStarted(reply.holder.pids);
    if (!this.#yielded) this.#sayLost('another process holds', 'are not served');
    if (reply === undefined) this.#openOnceFree(false);
    else if (this.#yielded || reply.holder.role === 'fallback') this.openLater(TAKEN_BY_THEN_MS);
  }

  #openOnceFree(wasFree: boolean): void {
    clearTimeout(this.#timer);
    const look = async (): Promise<void> => {
      const free = await isFree(this.settings, this.surroundings.listen);
      if (free && wasFree) this.#open();
      else this.#openOnceFree(free);
    };
    this.#timer = after('looking for METRICS_PORT', this.lookMs, () => inBackground('looking for METRICS_PORT', look()));
  }

  #sayLost(who: string, what: string): void {
    sayOnce(NOT_SERVED, `${who} port ${this.settings.port}, so that the metrics of this one ${what}: it needs a METRICS_PORT of its own`);
  }
}
