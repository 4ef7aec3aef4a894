// A connection of the preload's own to a server of the app: asked on a timer, never in a scrape, and never in the app's way.
//
// Not over the app's client: a question could land inside its MULTI, behind its blocking command, or in its offline queue. Not over
// a new client of the app's library: such a client brings timers, retries and look-ups of names, and these keep a process alive.

import type { Socket } from 'node:net';
import { after, listen } from '../../later';
import type { Login } from './place';
import { encode, RefusedByRedis, ReplyReader, type Reply } from './resp';

const ANSWER_MS = 2_000;
/** For this long after a failure, questions fail at once without a new attempt: hundreds of queues are not hundreds of attempts. */
const REST_MS = 500;
const NAME = 'otel-preload';
const CAUSE = 'a Redis server';

interface Waiting {
  resolve(reply: Reply): void;
  reject(failure: Error): void;
}

export class OwnConnection {
  #socket: Socket | undefined;
  /** In the order of the commands, and so of the replies. */
  #waiting: Waiting[] = [];
  /** Our login as last sent to the server; undefined before the first question. */
  #login: Login | undefined;
  #failure: Error | undefined;
  #restsUntil = 0;

  /**
   * Sends commands at once; opens a connection if there is none.
   * Rejects with the server's refusal, or when a reply is missing after 2 s: the connection is then given up.
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

  /** The commands to send first. A refused AUTH shows in the refusal of the later commands. */
  #logIn(login: Login): Promise<Reply>[] {
    const known = this.#login;
    this.#login = login;
    if (known === undefined || known.username !== login.username || known.password !== login.password) {
      for (const command of introduction(login, known === undefined)) this.#send(command).catch(() => undefined);
    }
    // The first database is 0; once a question has selected a different database, each question names its own.
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
  // A client without a password is the user `default`, and `default` then needs no password.
  return first ? [name] : [['AUTH', 'default', ''], name];
}
