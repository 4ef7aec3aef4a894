// Writes a collection to one client: streamed, compressed where asked for, and never longer than the deadline.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { Scrape } from '../exposition/scrape';
import { after, listenOnce } from '../later';
import { reason, sayOnce } from '../log';
import { asLoaded } from '../originals/objects';
import { cut, sendHead, sendLine, type Request, type Response } from './exchange';
import { Stop } from './stop';

/** Prometheus's own scrape_timeout: nobody waits longer. */
const DEADLINE_MS = 10_000;

const CLIENT_LEFT = new Error('the client left');

/** Collects and answers: 200 with the text, or 503 with one line if there is nothing true to tell. Never rejects. */
export async function sendScrape(request: Request, response: Response, scrape: Scrape, deadlineMs = DEADLINE_MS): Promise<void> {
  const stop = new Stop();
  const deadline = after('the deadline of a scrape', deadlineMs, () => stop.now(new Error(`it took longer than ${deadlineMs / 1000} s`)));
  listenOnce('a scrape', asLoaded(response), 'close', () => stop.now(CLIENT_LEFT));
  try {
    const { contentType, chunks } = await stop.unless(scrape(request.headers.accept));
    const compressed = wantsGzip(request.headers['accept-encoding']);
    sendHead(response, 200, { 'content-type': contentType, ...(compressed && { 'content-encoding': 'gzip' }) });
    if (request.method !== 'HEAD') await pour(until(stop, chunks), compressed, response, stop);
    response.end();
  } catch (thrown) {
    if (thrown !== CLIENT_LEFT) fail(response, thrown);
  } finally {
    clearTimeout(deadline);
  }
}

/** The chunks, until it is stopped: also while one of them is waited for in vain. */
async function* until(stop: Stop, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await stop.unless(iterator.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    // Not waited for: a chunk that never comes would hold it.
    iterator.return?.().catch(() => {});
  }
}

/** Asks for no further chunk before the client has taken the ones before it; compresses on zlib's threads. */
async function pour(chunks: AsyncGenerator<string>, compressed: boolean, response: Response, stop: Stop): Promise<void> {
  const body = compressed ? zipped(chunks) : chunks;
  for await (const part of body) {
    if (!(response as ServerResponse).write(part)) await stop.unless(once(response, 'drain'));
  }
}

function zipped(chunks: AsyncGenerator<string>): AsyncIterable<Buffer> {
  const { constants, createGzip } = require('node:zlib') as typeof import('node:zlib');
  return pipeline(Readable.from(chunks), createGzip({ level: constants.Z_BEST_SPEED }), () => {});
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
