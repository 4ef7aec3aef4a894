// Sends the load to the backend from this process, over keep-alive connections, and counts the answers.

import http from 'node:http';
import { type Planned, planner } from './plan';
import { LiveSockets } from './sockets';
import { DRIVER_HEADER } from '../visitors/guest-book';
import { Tally } from './tally';

const TICK_MS = 20;
/** An overloaded backend gets no more than this at once. */
const MOST_AT_ONCE = 100;
const MEAN_PER_SECOND = 150;
const WAVE_SECONDS = 40;
const TIMEOUT_MS = 15_000;

export class LoadDriver {
  readonly tally = new Tally();
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  readonly #plan: () => Planned;
  readonly #sockets: LiveSockets;
  readonly #inFlight = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #owed = 0;

  constructor(
    readonly port: number,
    withJobs: boolean,
    readonly meanPerSecond = MEAN_PER_SECOND,
    /** Shown to the backend, so that the backend's book tells the driver from visitors. */
    readonly secret = '',
  ) {
    this.#plan = planner(withJobs);
    this.#sockets = new LiveSockets(`ws://127.0.0.1:${port}/live`, { [DRIVER_HEADER]: secret }, this.tally);
  }

  start(): void {
    this.#sockets.start();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Sends a request; resolves at its end, good or bad. */
  send(planned: Planned): Promise<void> {
    const sent = this.#request(planned).finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
    return sent;
  }

  /** Sends no more, and waits for the answers. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#sockets.stop(), ...this.#inFlight]);
    this.#agent.destroy();
  }

  #tick(): void {
    const wave = 1 + 0.25 * Math.sin((performance.now() / 1_000 / WAVE_SECONDS) * 2 * Math.PI);
    this.#owed += (this.meanPerSecond * wave * TICK_MS) / 1_000;
    for (; this.#owed >= 1; this.#owed -= 1) {
      if (this.#inFlight.size < MOST_AT_ONCE) void this.send(this.#plan());
    }
  }

  #request({ method, path, endpoint, token, body }: Planned): Promise<void> {
    const headers = {
      [DRIVER_HEADER]: this.secret,
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: this.port, agent: this.#agent, timeout: TIMEOUT_MS, method, path, headers };
      const request = http.request(options, (response) => {
        response.resume();
        response.on('end', () => this.tally.answer(method, response.statusCode!, endpoint));
        response.on('close', resolve);
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
      request.on('error', (error: NodeJS.ErrnoException) => {
        this.tally.noAnswer(error.code ?? error.message);
        resolve();
      });
      request.end(body);
    });
  }
}
