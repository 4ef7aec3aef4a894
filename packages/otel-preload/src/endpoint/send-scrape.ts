// Answers scrapes: streamed, compressed where asked for, never longer than the deadline, and a few at a time.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Scrape } from '../exposition/scrape';
import { after, listenOnce } from '../later';
import { reason, sayOnce } from '../log';
import { asLoaded } from '../originals/objects';
import { beside } from '../exposition/beside';
import { Bodies, type Body } from './bodies';
import { cut, sendHead, sendLine, type Request, type Response } from './exchange';
import { Places } from './places';
import { Stop } from './stop';

/** Prometheus's own scrape_timeout: nobody waits longer. */
const DEADLINE_MS = 10_000;

const CLIENT_LEFT = new Error('the client left');

/**
 * Answers with 200 and the text, or, if the collection fails, with 503 and a line. Never rejects.
 *
 * @param own the app's own answer, with status and headers set on the response: sent with the preload's missing metrics added, or else alone
 */
export type SendScrape = (request: Request, response: Response, own?: string) => Promise<void>;

export function scrapeSender(scrape: Scrape, deadlineMs = DEADLINE_MS): SendScrape {
  const places = new Places();
  const bodies = new Bodies(scrape);
  return async (request, response, own) => {
    const stop = new Stop();
    const place = places.enter(stop);
    if (place === undefined) return own === undefined ? turnAway(response) : sendOwn(response, own);
    const deadline = after('the deadline of a scrape', deadlineMs, () => stop.now(new Error(`it took longer than ${deadlineMs / 1000} s`)));
    listenOnce('a scrape', asLoaded(response), 'close', () => stop.now(CLIENT_LEFT));
    try {
      await stop.unless(place);
      if (own === undefined) await send(request, response, bodies, stop);
      else await sendBeside(request, response, own, bodies, stop);
    } catch (thrown) {
      if (thrown !== CLIENT_LEFT) fail(response, thrown, own);
    } finally {
      clearTimeout(deadline);
      places.leave(stop);
    }
  };
}

async function send(request: Request, response: Response, bodies: Bodies, stop: Stop): Promise<void> {
  const compressed = wantsGzip(request.headers['accept-encoding']);
  const body = bodies.take(request.headers.accept, compressed);
  try {
    const contentType = await stop.unless(body.contentType);
    sendHead(response, 200, { 'content-type': contentType, ...(compressed && { 'content-encoding': 'gzip' }) });
    if (request.method !== 'HEAD') await pour(body, response, stop);
    response.end();
  } finally {
    body.tape.left();
  }
}

/** In the format of the app's own text. */
async function sendBeside(request: Request, response: Response, own: string, bodies: Bodies, stop: Stop): Promise<void> {
  const body = bodies.take(String(response.getHeader('content-type') ?? ''), false);
  let ours = '';
  try {
    for (let step = await stop.unless(body.place.next()); step !== undefined; step = await stop.unless(body.place.next())) {
      body.place = step.place;
      ours += step.value as string;
    }
  } finally {
    body.tape.left();
  }
  const { text, leftOut } = beside(own, ours);
  if (leftOut.length > 0) sayOnce('own metrics', `${WINS}: ${leftOut.join(', ')}; set METRICS_PATH to another path for all of these metrics`);
  const compressed = wantsGzip(request.headers['accept-encoding']);
  const whole = compressed ? await stop.unless(promisify(gzip)(text)) : text;
  if (compressed) response.setHeader('content-encoding', 'gzip');
  sendOwn(response, whole);
}

const WINS = 'the app serves metrics of its own, to which these are added; those that it has itself are left out of these';

/** Sends the app's status and headers, without the headers that described only the app's text. */
function sendOwn(response: Response, text: string | Buffer): void {
  for (const name of ['content-length', 'etag', 'transfer-encoding']) response.removeHeader(name);
  response.end(text);
}

/** Asks for the next part only after the client has taken all earlier parts. */
async function pour(body: Body, response: Response, stop: Stop): Promise<void> {
  for (;;) {
    const step = await stop.unless(body.place.next());
    if (step === undefined) return;
    body.place = step.place;
    if (!(response as ServerResponse).write(step.value)) await stop.unless(once(response, 'drain'));
  }
}

function turnAway(response: Response): void {
  sayOnce(
    'crowd',
    'more scrapes were asked for at once than are served, the rest are answered with 503: if they are not yours, set METRICS_AUTH_TOKEN',
  );
  sendLine(response, 503, 'Too many scrapes at once.', { 'retry-after': '1' });
}

function fail(response: Response, thrown: unknown, own: string | undefined): void {
  sayOnce('scrape', `a scrape failed: ${reason(thrown)}`);
  if (response.headersSent) cut(response);
  else if (own !== undefined) sendOwn(response, own);
  else sendLine(response, 503, `The metrics could not be collected: ${reason(thrown)}`);
}

/** True if gzip is named and not refused by a quality of 0 (RFC 9110, 12.5.3). */
export function wantsGzip(acceptEncoding: string | string[] | undefined): boolean {
  return String(acceptEncoding ?? '')
    .split(',')
    .some((coding) => /^\s*gzip\s*(;\s*q\s*=\s*(?!0(\.0*)?\s*$).*)?$/i.test(coding));
}
