// Writes a collection to one client: streamed, compressed where asked for, and never longer than the deadline.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Scrape } from '../exposition/scrape';
import { reason, sayOnce } from '../log';
import { cut, sendHead, sendLine, type Request, type Response } from './exchange';

/** Prometheus's own scrape_timeout: nobody waits longer. */
const DEADLINE_MS = 10_000;

const CLIENT_LEFT = new Error('the client left');

/** Collects and answers: 200 with the text, or 503 with one line if there is nothing true to tell. Never rejects. */
export async function sendScrape(request: Request, response: Response, scrape: Scrape): Promise<void> {
  const stop = new AbortController();
  const deadline = setTimeout(() => stop.abort(new Error(`it took longer than ${DEADLINE_MS / 1000} s`)), DEADLINE_MS).unref();
  response.once('close', () => stop.abort(CLIENT_LEFT));
  try {
    const { contentType, chunks } = await unlessStopped(scrape(request.headers.accept), stop.signal);
    const compressed = wantsGzip(request.headers['accept-encoding']);
    sendHead(response, 200, { 'content-type': contentType, ...(compressed && { 'content-encoding': 'gzip' }) });
    if (request.method !== 'HEAD') await pour(chunks, compressed, response, stop.signal);
    response.end();
  } catch (thrown) {
    const cause: unknown = stop.signal.aborted ? stop.signal.reason : thrown;
    if (cause !== CLIENT_LEFT) fail(response, cause);
  } finally {
    clearTimeout(deadline);
  }
}

async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  return Promise.race([work, stopped]);
}

/** Asks for no further chunk before the client has taken the ones before it; compresses on zlib's threads. */
async function pour(chunks: AsyncIterable<string>, compressed: boolean, response: Response, signal: AbortSignal): Promise<void> {
  const text = addAbortSignal(signal, Readable.from(chunks));
  const body = compressed ? pipeline(text, createGzip({ level: constants.Z_BEST_SPEED }), () => {}) : text;
  for await (const part of body) {
    if (!(response as ServerResponse).write(part)) await once(response, 'drain', { signal });
  }
}

function fail(response: Response, thrown: unknown): void {
  sayOnce('scrape', `a scrape failed: ${reason(thrown)}`);
  if (response.headersSent) cut(response);
  else sendLine(response, 503, `The metrics could not be collected: ${reason(thrown)}`);
}

/** True if gzip is named and not refused by a quality of 0 (RFC 9110, 12.5.3). */
export function wantsGzip(acceptEncoding: string | string[] | undefined): boolean {
  return String(acceptEncoding ?? '')
    .split(',')
    .some((coding) => /^\s*gzip\s*(;\s*q\s*=\s*(?!0(\.0*)?\s*$).*)?$/i.test(coding));
}
