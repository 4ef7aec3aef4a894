// For an app that may answer METRICS_PATH itself: the preload's metrics replace the app's 404, join the app's own exposition, or are left out.

import type { ServerResponse } from 'node:http';
import type net from 'node:net';
import { isExposition } from '../exposition/beside';
import { sayOnce } from '../log';
import { asLoaded } from '../originals/objects';
import { routeNames } from '../requests/own-routes';
import { leaveUncounted } from '../requests/state';
import { answering } from './answering';
import { askApp, type Fate } from './ask-app';
import type { Request, Response } from './exchange';
import type { Answer } from './metrics-port';

/** A path and the preload's answer there. */
export interface Page {
  readonly path: string;
  readonly answer: Answer;
  /** Sends the app's own answer together with the page. False: the caller may not see the page. Absent: the page cannot join an answer. */
  readonly beside?: (server: net.Server, request: Request, response: Response, own: string) => boolean;
}

interface Asked {
  readonly server: net.Server;
  readonly request: Request;
  readonly response: Response;
  readonly page: Page;
}

const EXPOSITION = /^(text\/plain|application\/openmetrics-text)\b/i;

/** To be called before the app sees the request. The request is not counted. */
export function giveWay({ server, request, response, page }: Asked): void {
  leaveUncounted(request);
  const { 'accept-encoding': coding } = request.headers;
  // The preload has to read a held answer, so the app must not compress the answer; the preload compresses the answer when sending.
  if (page.beside !== undefined) delete request.headers['accept-encoding'];
  const judge = (answer: Response): Fate => {
    const fate = fateOf(answer, request.method === 'GET' && page.beside !== undefined, routeNames(request));
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

function fateOf(answer: Response, canHold: boolean, isOwnRoute: boolean | undefined): Fate {
  const status = answer.statusCode;
  const type = String(answer.getHeader('content-type') ?? '');
  if (status === 404 || status === 405) return 'replaced';
  if (status !== 200) return 'kept';
  // An app that answers every path, by the route `*` or `/:page` or by one HTML page, has no route for METRICS_PATH.
  const isForAll = isOwnRoute === false || (isOwnRoute === undefined && type.startsWith('text/html'));
  if (isForAll && !EXPOSITION.test(type)) return 'replaced';
  const isText = type === '' || EXPOSITION.test(type);
  return canHold && isText && answer.getHeader('content-encoding') === undefined ? 'held' : 'kept';
}

/** Takes the app's headers off. @returns puts the headers back */
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
