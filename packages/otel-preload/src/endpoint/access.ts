// Who may see the metrics. Pure: from what a request shows of itself to a verdict.

import type { IncomingHttpHeaders } from 'node:http';
import { isPrivateAddress } from '../addresses';
import type { Config } from '../config';

export type AccessRule = Pick<Config, 'token' | 'answerPublic' | 'production'>;

/** What is known of who asks. */
export interface Caller {
  /** The peer's address; undefined: not known, which counts as public. */
  readonly address: string | undefined;
  /** Unix sockets have no addresses; who may open one is up to its file's permissions. */
  readonly overUnixSocket: boolean;
  readonly headers: Readonly<IncomingHttpHeaders>;
}

export type Verdict = 'granted' | 'unauthorized' | 'forbidden';

/**
 * With a token, whoever brings it, and nobody else. Without one everybody; in production only callers with private addresses,
 * unless METRICS_PUBLIC opens it.
 */
export function createAccess({ token, answerPublic, production }: AccessRule): (caller: Caller) => Verdict {
  if (token !== undefined) {
    const isToken = comparison(Buffer.from(token));
    return ({ headers }) => (isToken(credentials(headers.authorization)) ? 'granted' : 'unauthorized');
  }
  if (!production || answerPublic) return () => 'granted';
  return (caller) => (isPrivate(caller) ? 'granted' : 'forbidden');
}

/** The token that an Authorization header brings; its bytes, since the header reaches us as latin1 and a token may be UTF-8. */
function credentials(authorization: string | undefined): Buffer {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(.*)$/i.exec(authorization?.trim() ?? '') ?? [];
  if (scheme.toLowerCase() !== 'basic') return Buffer.from(value, 'latin1');
  const pair = Buffer.from(value, 'base64');
  const colon = pair.indexOf(':');
  return colon < 0 ? Buffer.alloc(0) : pair.subarray(colon + 1);
}

/** Compares digests, which are of one length, so that the time tells nothing of the token's, nor of how much of it was right. */
function comparison(wanted: Buffer): (given: Buffer) => boolean {
  const { createHash, timingSafeEqual } = require('node:crypto') as typeof import('node:crypto');
  const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  const digestOfWanted = digest(wanted);
  return (given) => timingSafeEqual(digestOfWanted, digest(given));
}

/** A request that came through a proxy shows the proxy's private address: it counts as public. */
function isPrivate({ address, overUnixSocket, headers }: Caller): boolean {
  return !isForwarded(headers) && (overUnixSocket || isPrivateAddress(address));
}

/** True if a proxy says that it passes the request on for somebody else. */
export function isForwarded(headers: Readonly<IncomingHttpHeaders>): boolean {
  return Object.keys(headers).some((name) => name === 'forwarded' || name === 'via' || name === 'x-real-ip' || name.startsWith('x-forwarded-'));
}
