// One answer of ours at a time on a connection of HTTP/1.1. Whoever sends further requests without waiting is hung up on.

import { listenOnce } from '../later';
import { asLoaded } from '../originals/objects';
import { sendLine, type Request, type Response } from './exchange';
import type { Answer } from './metrics-port';

/** By connection: whether it is to be closed after the answer under way. */
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
    if (underWay.get(socket) === false) hangUp(request, response);
    return true;
  };
}

function begin(request: Request, response: Response): void {
  if ('stream' in request) return;
  const { socket } = request;
  underWay.set(socket, false);
  listenOnce('a connection', asLoaded(response), 'close', () => underWay.delete(socket));
}

/** The answer under way is sent to its end. Nothing more is read: Node.js would go on to take requests apart. */
function hangUp({ socket }: Request, response: Response): void {
  underWay.set(socket, true);
  sendLine(response, 503, 'One request for the metrics at a time on a connection.', { connection: 'close' });
  socket.pause();
}
