// One answer of ours at a time on a connection of HTTP/1.1. Whoever sends further requests without waiting is hung up on.

import { listenOnce } from '../later';
import { asLoaded } from '../originals/objects';
import { sendLine, type Request, type Response } from './exchange';
import type { Answer } from './metrics-port';

/** By connection: whether it is to be closed after the answer under way. Absent: there is none. */
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

/** The answer under way is sent to its end, and this one after it. With a third request there is no end, and Node.js would take all of them apart. */
function askToWait(socket: object, response: Response): void {
  underWay.set(socket, true);
  sendLine(response, 503, 'One request for the metrics at a time on a connection.', { connection: 'close' });
}
