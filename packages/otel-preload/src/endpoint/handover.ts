// How the processes of one user agree on who has METRICS_PORT: whoever holds it has a seat, a Unix socket, where others ask for it. Never over
// the port itself: any user of the machine, and any container of a pod, can speak there.

import fs from 'node:fs';
import net from 'node:net';
import { after, ignoreErrors, listen } from '../later';
import { guarded } from '../log';
import { untraced } from '../untraced';
import { lineage } from './lineage';
import { removeStale, seatPaths } from './seat-paths';

/** A holder that does not answer within this time is stuck: the app then gets its error. One that is busy, or on a busy machine, is not. */
const PATIENCE_MS = 3000;
/** One exchange is two lines of this many characters at the most. */
const LONGEST_LINE = 1000;
const MOST_EXCHANGES = 8;

/** On either side: the app's own server, or one of ours. */
export interface Party {
  readonly role: 'app' | 'fallback';
  /** As `lineage()`: the process itself first. */
  readonly pids: readonly number[];
}

export interface Reply {
  readonly given: boolean;
  readonly holder: Party;
}

/** Of who has a seat and does not answer: nobody's app, to be asked again. */
const STUCK: Reply = { given: false, holder: { role: 'fallback', pids: [] } };

/** The seat of this process, which answers who asks for the port. It keeps nothing alive. */
export class Seat {
  #servers: net.Server[] = [];

  constructor(private readonly port: number) {}

  /** @param gives called for each who asks; true: the port has been given up */
  take(role: Party['role'], gives: (asker: Party) => boolean): void {
    this.leave();
    const answer = (asker: Party): string => `${gives(asker) ? 'given' : 'kept'} ${role} ${lineage().join(' ')}\n`;
    this.#servers = seatPaths(this.port).map((path) => {
      // Left by a process that was killed: two cannot hold the port.
      if (process.platform !== 'win32') fs.rmSync(path, { force: true });
      const server = net.createServer();
      ignoreErrors(server);
      listen('the seat of METRICS_PORT', server, { connection: (socket: net.Socket) => attend(socket, answer) });
      server.maxConnections = MOST_EXCHANGES;
      guarded('tidying up', () => removeStale(path));
      // Exclusive: that of a cluster worker would otherwise be the primary's.
      return server.listen({ path, exclusive: true }).unref();
    });
  }

  /** To be called before the port is closed: the next holder's seat is at the same paths. */
  leave(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }
}

/** One exchange, on the holder's side. */
function attend(socket: net.Socket, answer: (asker: Party) => string): void {
  socket.unref();
  exchange(socket, (line) => {
    const asker = partyOf(line.split(' '));
    if (asker === undefined) socket.destroy();
    else socket.end(answer(asker));
  });
}

/**
 * Asks whoever holds the port. Undefined: it is nobody of ours, or of another user.
 *
 * For the app it keeps the process alive meanwhile: an app that only waits to listen must not end.
 */
export async function askForPort(port: number, role: Party['role']): Promise<Reply | undefined> {
  for (const path of seatPaths(port)) {
    const reply = await ask(path, role);
    if (reply !== undefined) return reply;
  }
  return undefined;
}

function ask(path: string, role: Party['role']): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    let reply: Reply | undefined;
    const socket = untraced(() => net.connect(path));
    if (role === 'fallback') socket.unref();
    exchange(socket, (line) => {
      const [verdict, ...holder] = line.split(' ');
      const party = partyOf(holder);
      if (party !== undefined) reply = { given: verdict === 'given', holder: party };
      socket.destroy();
    });
    listen('asking for METRICS_PORT', socket, {
      connect() {
        reply = STUCK;
        socket.write(`${role} ${lineage().join(' ')}\n`);
      },
      close: () => resolve(reply),
    });
  });
}

/** Calls back with the first line, once it is whole. Ends the exchange after a while, however much was said. */
function exchange(socket: net.Socket, seen: (line: string) => void): void {
  let text = '';
  const late = after('the deadline of asking for METRICS_PORT', PATIENCE_MS, () => socket.destroy());
  ignoreErrors(socket);
  socket.setEncoding('latin1');
  listen('asking for METRICS_PORT', socket, {
    data(chunk: string) {
      text += chunk;
      if (text.length > LONGEST_LINE) socket.destroy();
      else if (text.endsWith('\n')) seen(text.slice(0, -1));
    },
    close: () => clearTimeout(late),
  });
}

function partyOf([role, ...pids]: readonly string[]): Party | undefined {
  return role === 'app' || role === 'fallback' ? { role, pids: pids.map(Number) } : undefined;
}
