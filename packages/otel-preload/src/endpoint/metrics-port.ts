// Decides about METRICS_PORT between the app in this process, further processes of the app, and, last, the fallback server.

import type net from 'node:net';
import type { Config } from '../config';
import { inBackground, listenOnce } from '../later';
import { guarded, sayOnce } from '../log';
import { sendLine, type Request, type Response } from './exchange';
import { Fallback } from './fallback';
import { askForPort, Seat } from './handover';
import { ListenCalls } from './listen-calls';
import { portOf, type PortRule } from './port-rule';

export interface MetricsPortSettings extends Pick<Config, 'host' | 'path' | 'portOfExporter'> {
  readonly port: number;
}

/** False: the caller gets no page, and nothing was answered. */
export type Answer = (server: net.Server, request: Request, response: Response) => boolean;

/** A process that loads such a framework most likely listens soon. */
const FRAMEWORKS = ['express', 'fastify', 'koa'];

export class MetricsPort {
  readonly #fallback: Fallback;
  readonly #calls: ListenCalls;
  readonly #seat: Seat;

  constructor(
    private readonly settings: MetricsPortSettings,
    private readonly rule: PortRule,
    /** The preload's answer at a request's target, if any. */
    private readonly answerAt: (url: string) => Answer | undefined,
    /** As in EndpointParts. */
    private readonly loaded: ReadonlySet<string>,
  ) {
    this.#calls = new ListenCalls(settings.port);
    this.#seat = new Seat(settings.port);
    const { port, host } = settings;
    this.#fallback = new Fallback({ port, host }, this.#seat, {
      answer: (server, request, response) => this.#answer(server, request, response),
      wanted: () => this.#wanted(),
      isApp: () => this.loaded.size > 0 || this.rule.appListens,
      isStarting: () => !this.rule.appListens && FRAMEWORKS.some((name) => this.loaded.has(name)),
      listen: (server, options) => this.#calls.listenUnseen(server, options),
    });
    this.#calls.watch(() => this.#fallback.giveUp());
    this.#fallback.openLater();
  }

  /** As in Endpoint. */
  addressInUse(server: net.Server, error: NodeJS.ErrnoException & { port?: number }): boolean {
    if (error.code !== 'EADDRINUSE' || error.port !== this.settings.port) return false;
    const listenAgain = this.#calls.takeLast(server);
    if (listenAgain === undefined) return false;
    inBackground('obtaining METRICS_PORT', this.#obtain(server, listenAgain, error));
    return true;
  }

  /** A server of the app has begun to listen. If on METRICS_PORT, the app takes the seat and gives the port to nobody. */
  listening(server: net.Server): void {
    const { port, portOfExporter } = this.settings;
    if (portOf(server) !== port) return;
    if (this.rule.exporterServed) {
      const where = portOfExporter ? 'are on the first other port that the app opens' : 'are not served';
      sayOnce(
        'exporter',
        `port ${port} is the app's own OpenTelemetry exporter's, which is left to it: these metrics ${where}; set METRICS_PORT to another one`,
      );
    }
    this.#seat.take('app', () => false);
  }

  async #obtain(server: net.Server, listenAgain: () => void, error: Error): Promise<void> {
    let closed = false;
    listenOnce('a closed server', server, 'close', () => (closed = true));
    const free = this.#fallback.giveUp() || (await this.#askOthers());
    // Outside of the promise: without an 'error' listener, the error must be an uncaught exception, as without the preload.
    if (!free) process.nextTick(() => server.emit('error', error));
    else if (!closed) guarded('listening again', listenAgain);
  }

  async #askOthers(): Promise<boolean> {
    const { port } = this.settings;
    const reply = await askForPort(port, 'app');
    if (reply === undefined) sayOnce('port taken', `port ${port} is taken, and not by a server of the preload's that could give it up: ${WHOSE}`);
    return reply?.given === true;
  }

  /** Asked just before the fallback opens. An app that once had the port and closed the port is shutting down. */
  #wanted(): boolean {
    if (this.rule.appServed) return false;
    const { obstacle } = this.rule;
    if (obstacle === undefined) return true;
    if (this.rule.appListens) {
      sayOnce(
        'not served',
        `METRICS_PORT=${this.settings.port} is not among the ports that the app listens on, and ${obstacle}: no metrics are served; unset it`,
      );
    }
    return false;
  }

  #answer(server: net.Server, request: Request, response: Response): void {
    const answer = this.answerAt(request.url ?? '');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (answer !== undefined && !isRead) return sendLine(response, 405, 'The metrics can only be read.', { allow: 'GET, HEAD' });
    // Any further path is meant for the app, and the app may be about to start: the client would take a 404 for the app's answer.
    if (!answer?.(server, request, response))
      sendLine(response, 503, `The app does not listen here; its metrics are at ${this.settings.path}.`, RETRY);
  }
}

const RETRY = { 'retry-after': '5' };

const WHOSE = 'one in a process of another user, or that shares neither /tmp nor TMPDIR with this one, needs a METRICS_PORT of its own';
