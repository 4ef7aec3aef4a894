// METRICS_PORT between those who want it: the app in this process, another process of the app, and the fallback server of ours, which comes last.

import type net from 'node:net';
import type { Config } from '../config';
import { inBackground, listenOnce } from '../later';
import { guarded, sayOnce } from '../log';
import { sendHead, sendLine, type Request, type Response } from './exchange';
import { Fallback } from './fallback';
import { askForPort, mayAsk, UNBIND } from './handover';
import { ListenCalls } from './listen-calls';
import type { PortRule } from './port-rule';

export interface MetricsPortSettings extends Pick<Config, 'host' | 'path'> {
  readonly port: number;
}

/** False: there is nothing for whoever asks, and no answer was given. */
export type Answer = (server: net.Server, request: Request, response: Response) => boolean;

export class MetricsPort {
  readonly #fallback: Fallback;
  readonly #calls: ListenCalls;

  constructor(
    private readonly settings: MetricsPortSettings,
    private readonly rule: PortRule,
    /** What is served at a request's target. */
    private readonly answerAt: (url: string) => Answer | undefined,
  ) {
    this.#calls = new ListenCalls(settings.port);
    this.#fallback = new Fallback(settings, {
      answer: (server, request, response) => this.#answer(server, request, response),
      wanted: () => this.#wanted(),
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

  async #obtain(server: net.Server, listenAgain: () => void, error: Error): Promise<void> {
    let closed = false;
    listenOnce('a closed server', server, 'close', () => (closed = true));
    const { port, host, path } = this.settings;
    const free = this.#fallback.giveUp() || (await askForPort(port, host, path));
    // Outside of the promise: thrown for want of a listener it must be the uncaught exception that it is without us.
    if (!free) process.nextTick(() => server.emit('error', error));
    else if (!closed) guarded('listening again', listenAgain);
  }

  /** Asked when the fallback is about to open. An app that once had the port and closed it is on its way out. */
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
    const { path } = this.settings;
    if (request.method === UNBIND) return this.#handOver(request, response);
    const answer = this.answerAt(request.url ?? '');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (answer !== undefined && !isRead) return sendLine(response, 405, 'The metrics can only be read.', { allow: 'GET, HEAD' });
    if (!answer?.(server, request, response)) sendLine(response, 404, `The metrics are at ${path}.`);
  }

  #handOver(request: Request, response: Response): void {
    if (!mayAsk(request)) return sendLine(response, 403, 'Only a process on the same machine may ask for this port.');
    this.#fallback.handOver();
    sendHead(response, 204, { connection: 'close' });
    response.end();
  }
}
