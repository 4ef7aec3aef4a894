// Lets the processes of a user agree on the holder of METRICS_PORT. The holder has a seat, a Unix socket at which processes ask for the port.
// Never over the port itself: any user of the machine, and any container of a pod, can speak there.

import fs from 'node:fs';
import net from 'node:net';
import { after, ignoreErrors, listen } from '../later';
import { guarded } from '../log';
import { untraced } from '../untraced';
import { lineage } from './lineage';
import { removeStale, seatPaths } from './seat-paths';

/** A holder silent for this long is stuck: the app then gets its error. A busy holder, or a holder on a busy machine, answers sooner. */
const PATIENCE_MS = 3000;
/** An exchange is two lines of at most this many characters. */
const LONGEST_LINE = 1000;
const MOST_EXCHANGES = 8;

/** Either side of an exchange: the app's own server, or a fallback server. */
export interface Party {
  readonly role: 'app' | 'fallback';
  /** As `lineage()`: the process itself first. */
  readonly pids: readonly number[];
}

export interface Reply {
  readonly given: boolean;
  readonly holder: Party;
}

/** The reply assumed of a holder whose seat accepts the connection and stays silent: the holder counts as a fallback, and is asked again. */
const STUCK: Reply = { given: false, holder: { role: 'fallback', pids: [] } };

/** The seat of this process; answers processes that ask for the port. The seat keeps no process alive. */
export class Seat {
  #servers: net.Server[] = [];

  constructor(private readonly port: number) {}

  /** @param gives called for each asker; returns true after giving the port up */
  take(role: Party['role'], gives: (asker: Party) => boolean): void {
    this.leave();
    const answer = (asker: Party): string => `${gives(asker) ? 'given' : 'kept'} ${role} ${lineage().join(' ')}\n`;
    this.#servers = seatPaths(this.port).map((path) => {
      // A killed process has left this socket file: two processes cannot hold the port.
      if (process.platform !== 'win32') fs.rmSync(path, { force: true });
      const server = net.createServer();
      ignoreErrors(server);
      listen('the seat of METRICS_PORT', server, { connection: (socket: net.Socket) => attend(socket, answer) });
      server.maxConnections = MOST_EXCHANGES;
      guarded('tidying up', () => removeStale(path));
      // Exclusive: otherwise the primary would listen in place of a cluster worker.
      return server.listen({ path, exclusive: true }).unref();
    });
  }

  /** To be called before the port is closed: the next holder's seat is at the same paths. */
  leave(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }
}

/** An exchange, on the holder's side. */
function attend(socket: net.Socket, answer: (asker: Party) => string): void {
  socket.unref();
  exchange(socket, (line) => {
    const asker = partyOf(line.split(' '));
    if (asker === undefined) socket.destroy();
    else socket.end(answer(asker));
  });
}

/**
 * Asks the holder of the port. Undefined: the holder has no preload, or belongs to a different user.
 *
 * In the role `app`, the question keeps the process alive: an app that only waits to listen must not end.
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

/** Calls `seen` with the first whole line. Ends the exchange after PATIENCE_MS, however much has arrived. */
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
