// A connection of the preload's own beside the app's: asked on a timer, never in a scrape, and never in the app's way.
//
// Not over the app's client: a question could land inside its MULTI, behind its blocking command, or in its offline queue.

import { after } from '../later';
import type { RedisClient } from './client';
import { unwatched } from './unwatched';

const ANSWER_MS = 2_000;

/** What must differ from the app's own options, in ioredis 4, 5 and 6. */
const OVERRIDES = {
  lazyConnect: true,
  connectionName: 'otel-preload',
  connectTimeout: ANSWER_MS,
  keyPrefix: '',
  enableReadyCheck: false,
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  // Retries are timers that keep a process alive: the next question tries again.
  retryStrategy: null,
  sentinelRetryStrategy: null,
  reconnectOnError: null,
  failoverDetector: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  commandTimeout: undefined,
  socketTimeout: undefined,
  blockingTimeout: undefined,
  monitor: false,
  scripts: undefined,
  himportFieldsets: undefined,
};

export class OwnConnection {
  #client: RedisClient | undefined;
  #opening: Promise<unknown> | undefined;

  /**
   * @param address what tells this connection's server and database from others
   * @param beside gives the client of the app whose server, database and credentials are used
   */
  constructor(
    readonly address: string,
    private readonly beside: () => RedisClient,
  ) {}

  /**
   * Sends one command, over a connection that opens when it is first needed and again after it was lost.
   * Rejects with the server's error, or when the server does not answer within 2 s.
   */
  async ask(command: string, ...args: string[]): Promise<unknown> {
    const client = this.#open();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = after('a Redis server', ANSWER_MS, () => reject(new Error(`no answer within ${ANSWER_MS} ms`)));
    });
    try {
      return await Promise.race([this.#send(client, command, args), late]);
    } catch (thrown) {
      if ((thrown as Error).name !== 'ReplyError') this.end();
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined || client.status === 'end') return;
    client.disconnect();
    // `disconnect` waits for the server with a timer that keeps the process alive.
    client.stream?.destroy();
  }

  #open(): RedisClient {
    if (this.#client === undefined || this.#client.status === 'end') {
      const beside = this.beside();
      this.#client = unwatched(beside.duplicate({ ...OVERRIDES, db: beside.condition?.select ?? beside.options.db }));
      // The question itself is rejected; without a listener ioredis would print the error.
      this.#client.on('error', () => undefined);
    }
    return this.#client;
  }

  async #send(client: RedisClient, command: string, args: string[]): Promise<unknown> {
    if (client.status !== 'ready') await this.#connected(client);
    return client.call(command, ...args);
  }

  async #connected(client: RedisClient): Promise<void> {
    if (client.status === 'wait') {
      this.#opening = client.connect();
      client.once('connect', () => client.stream?.unref());
      setImmediate(() => client.stream?.unref());
    }
    await this.#opening;
  }
}
