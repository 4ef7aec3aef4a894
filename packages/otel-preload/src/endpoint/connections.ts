// A connection of HTTP/1.1 carries a single answer of the preload at a time. If a client sends on without waiting, the preload hangs up.

import { listenOnce } from '../later';
import { asLoaded } from '../originals/objects';
import { sendLine, type Request, type Response } from './exchange';
import type { Answer } from './metrics-port';

/** By connection with an answer under way: true if the connection closes after the answer. */
const underWay = new WeakMap<object, boolean>();

/** Of HTTP/2 each stream has its own. */
export function oneAtATime(answer: Answer): Answer {
  return (server, request, response) => {
    const { socket } = request;
    if ('stream' in request || !underWay.has(socket)) {
      const answered = answer(server, request, response);
      if (answered) begin(request, response);
      return answered;
    }
    if (underWay.get(socket) === true) socket.destroy();
    else askToWait(socket, response);
    return true;
  };
}

function begin(request: Request, response: Response): void {
  if ('stream' in request) return;
  const { socket } = request;
  underWay.set(socket, false);
  listenOnce('a connection', asLoaded(response), 'close', () => underWay.delete(socket));
}

/**
 * The client gets the whole answer under way, then this 503. A third request closes the connection at once: Node.js would otherwise parse all
 * further requests.
 */
function askToWait(socket: object, response: Response): void {
  underWay.set(socket, true);
  sendLine(response, 503, 'One request for the metrics at a time on a connection.', { connection: 'close' });
}
