// The live page, read and compressed at the first request: at the start of the app the page costs nothing.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { reason, sayOnce } from '../log';
import { sendHead, sendLine, type Request, type Response } from './exchange';
import { wantsGzip } from './send-scrape';

/** The module made by scripts/bundle-live-page.mjs. */
interface LivePage {
  readonly html: string;
  /** The content security policy: nothing but the script and the style inside `html`. */
  readonly policy: string;
}

/** The page's bodies, compressed (true) and plain, shared by all requests. */
const bodies = new Map<boolean, Buffer>();

/** Answers with the page, or with 503 and a line. Never rejects. */
export async function sendLivePage(request: Request, response: Response): Promise<void> {
  try {
    const { html, policy } = require('./live-page') as LivePage;
    const compressed = wantsGzip(request.headers['accept-encoding']);
    const body = bodies.get(compressed) ?? (compressed ? await promisify(gzip)(html) : Buffer.from(html));
    bodies.set(compressed, body);
    sendHead(response, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...(compressed && { 'content-encoding': 'gzip' }),
    });
    response.end(request.method === 'HEAD' ? '' : body);
  } catch (thrown) {
    sayOnce('live page', `the live page could not be sent: ${reason(thrown)}`);
    if (!response.headersSent) sendLine(response, 503, `The live page could not be sent: ${reason(thrown)}`);
  }
}
