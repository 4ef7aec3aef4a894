// Who may see the metrics. Pure: from what a request shows of itself to a verdict.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
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
    const wanted = digest(Buffer.from(token));
    return ({ headers }) => (sameDigest(wanted, credentials(headers.authorization)) ? 'granted' : 'unauthorized');
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

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Digests are of one length, so that the time tells nothing of the token's, nor of how much of it was right. */
function sameDigest(wanted: Buffer, given: Buffer): boolean {
  return timingSafeEqual(wanted, digest(given));
}

/** A request that came through a proxy shows the proxy's private address: it counts as public. */
function isPrivate({ address, overUnixSocket, headers }: Caller): boolean {
  return !isForwarded(headers) && (overUnixSocket || isPrivateAddress(address));
}

/** True if a proxy says that it passes the request on for somebody else. */
export function isForwarded(headers: Readonly<IncomingHttpHeaders>): boolean {
  return Object.keys(headers).some((name) => name === 'forwarded' || name === 'via' || name === 'x-real-ip' || name.startsWith('x-forwarded-'));
}

/** Loopback, private use, shared (carrier and Kubernetes networks) and link-local, IPv4-mapped ones included. */
export function isPrivateAddress(address: string | undefined): boolean {
  const bare = address?.replace(/%.*$/, '') ?? '';
  const version = net.isIP(bare);
  return version !== 0 && PRIVATE.check(bare, version === 6 ? 'ipv6' : 'ipv4');
}

const PRIVATE = new net.BlockList();
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addSubnet('100.64.0.0', 10);
PRIVATE.addSubnet('169.254.0.0', 16);
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');
