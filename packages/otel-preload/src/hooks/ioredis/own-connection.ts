// A connection of the preload's own to a server that the app uses: asked on a timer, never in a scrape, and never in the app's way.
//
// Not over the app's client: a question could land inside its MULTI, behind its blocking command, or in its offline queue. Not over
// another client of the app's library: that brings timers, retries and look-ups of names, which keep a process alive.

import type { Socket } from 'node:net';
import { after, listen } from '../../later';
import type { Login } from './place';
import { encode, RefusedByRedis, ReplyReader, type Reply } from './resp';

const ANSWER_MS = 2_000;
/** After a failure whoever asks is told so without another attempt: hundreds of queues are not hundreds of attempts. */
const REST_MS = 500;
const NAME = 'otel-preload';
const CAUSE = 'a Redis server';

interface Waiting {
  resolve(reply: Reply): void;
  reject(failure: Error): void;
}

export class OwnConnection {
  #socket: Socket | undefined;
  /** In the order of their commands, which is that of the replies. */
  #waiting: Waiting[] = [];
  /** As whom the server knows us; undefined before the first question. */
  #login: Login | undefined;
  #failure: Error | undefined;
  #restsUntil = 0;

  /**
   * Sends commands at once, over a connection that is opened when there is none.
   * Rejects with what the server refused, or when it does not answer all within 2 s: the connection is then given up.
   *
   * @param open gives a connection in the making
   */
  async ask(open: () => Socket, login: Login, commands: readonly string[][]): Promise<Reply[]> {
    if (this.#failure !== undefined && performance.now() < this.#restsUntil) throw this.#failure;
    const socket = this.#socket ?? this.#take(open());
    const late = after(CAUSE, ANSWER_MS, () => this.#lost(socket, new Error(`no answer within ${ANSWER_MS} ms`)));
    try {
      socket.cork();
      const replies = Promise.all([...this.#logIn(login), ...commands.map((command) => this.#send(command))]);
      socket.uncork();
      return (await replies).slice(-commands.length);
    } finally {
      clearTimeout(late);
    }
  }

  end(): void {
    if (this.#socket !== undefined) this.#drop(this.#socket, new Error('the app has closed its client'));
  }

  #take(socket: Socket): Socket {
    const reader = new ReplyReader();
    this.#socket = socket;
    this.#login = undefined;
    listen(CAUSE, socket, {
      data: (piece: Buffer) => this.#read(socket, reader, piece),
      error: (failure: Error) => this.#lost(socket, failure),
      close: () => this.#lost(socket, new Error('the server has closed the connection')),
    });
    return socket;
  }

  /** What must go before the commands. A refused AUTH shows in what is refused after it. */
  #logIn(login: Login): Promise<Reply>[] {
    const known = this.#login;
    this.#login = login;
    if (known === undefined || known.username !== login.username || known.password !== login.password) {
      for (const command of introduction(login, known === undefined)) this.#send(command).catch(() => undefined);
    }
    // The first database is 0; after another one was asked about, each question names its own.
    if (login.database === 0 && (known?.database ?? 0) === 0) return [];
    return [this.#send(['SELECT', String(login.database)])];
  }

  #send(command: readonly string[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket?.write(encode(command));
    });
  }

  #read(socket: Socket, reader: ReplyReader, piece: Buffer): void {
    try {
      for (const reply of reader.read(piece)) if (socket === this.#socket) this.#replied(reply);
    } catch (thrown) {
      this.#lost(socket, thrown as Error);
    }
  }

  #replied(reply: Reply): void {
    const waiting = this.#waiting.shift();
    if (reply instanceof RefusedByRedis) waiting?.reject(reply);
    else waiting?.resolve(reply);
  }

  #lost(socket: Socket, failure: Error): void {
    if (socket !== this.#socket) return;
    this.#failure = failure;
    this.#restsUntil = performance.now() + REST_MS;
    this.#drop(socket, failure);
  }

  #drop(socket: Socket, failure: Error): void {
    this.#socket = undefined;
    socket.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }
}

function introduction({ username, password }: Login, first: boolean): string[][] {
  const name = ['CLIENT', 'SETNAME', NAME];
  if (password !== undefined) return [username === undefined ? ['AUTH', password] : ['AUTH', username, password], name];
  // Who brings no password is the user `default`, which then needs none.
  return first ? [name] : [['AUTH', 'default', ''], name];
}
