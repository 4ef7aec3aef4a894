// Where the app may answer METRICS_PATH itself: what is ours stands in for its 404, is added to an exposition of its own, or is left out.

import type { ServerResponse } from 'node:http';
import type net from 'node:net';
import { isExposition } from '../exposition/beside';
import { sayOnce } from '../log';
import { asLoaded } from '../originals/objects';
import type { Sign } from '../requests/own-routes';
import { leaveUncounted } from '../requests/state';
import { answering } from './answering';
import { askApp, type Fate } from './ask-app';
import type { Request, Response } from './exchange';
import type { Answer } from './metrics-port';

/** What is served at a path. */
export interface Page {
  readonly path: string;
  readonly answer: Answer;
  /** Puts what is served beside an answer of the app's own. False: it is not for whoever asks. Absent: it cannot be put beside anything. */
  readonly beside?: (server: net.Server, request: Request, response: Response, own: string) => boolean;
}

interface Asked {
  readonly server: net.Server;
  readonly request: Request;
  readonly response: Response;
  readonly page: Page;
  readonly sign: Sign;
}

const EXPOSITION = /^(text\/plain|application\/openmetrics-text)\b/i;

/** Of the request that the app is about to see. It is not counted. */
export function giveWay({ server, request, response, page, sign }: Asked): void {
  leaveUncounted(request);
  const { 'accept-encoding': coding } = request.headers;
  // What is held has to be read; it is compressed again when it is sent.
  if (page.beside !== undefined) delete request.headers['accept-encoding'];
  const judge = (answer: Response): Fate => {
    const fate = fateOf(answer, request.method === 'GET' && page.beside !== undefined, sign);
    if (fate === 'kept' && request.method === 'GET') leftToApp(page.path);
    return fate;
  };
  askApp(response, {
    judge,
    ended: (fate, body) => {
      if (coding !== undefined) request.headers['accept-encoding'] = coding;
      const own = body.toString();
      if (fate === 'held') {
        if (isExposition(own) && page.beside?.(server, request, response, own) === true) return;
        leftToApp(page.path);
        response.end(body);
        return;
      }
      const restore = clear(response);
      if (answering(response, () => page.answer(server, request, response))) return;
      restore();
      response.end(body);
    },
  });
}

function fateOf(answer: Response, canHold: boolean, sign: Sign): Fate {
  const status = answer.statusCode;
  const type = String(answer.getHeader('content-type') ?? '');
  if (status === 404 || status === 405) return 'replaced';
  if (status !== 200) return 'kept';
  // Who sends its page for whatever is asked has no route for it.
  if (sign !== 'route' && type.startsWith('text/html')) return 'replaced';
  const isText = type === '' || EXPOSITION.test(type);
  return canHold && isText && answer.getHeader('content-encoding') === undefined ? 'held' : 'kept';
}

/** Takes the app's headers off. @returns puts them back */
function clear(response: Response): () => void {
  const own = asLoaded(response) as ServerResponse;
  const { statusMessage } = own;
  const headers = own.getHeaders();
  for (const name of Object.keys(headers)) own.removeHeader(name);
  own.statusMessage = '';
  return () => {
    own.statusMessage = statusMessage;
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) own.setHeader(name, value);
  };
}

function leftToApp(path: string): void {
  sayOnce(`own route ${path}`, `the app has a route of its own at ${path}, which is left to it: set METRICS_PATH to another path for these metrics`);
}
