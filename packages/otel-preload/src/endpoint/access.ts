// Who asks, and what the table says of it: from what a request shows of itself to a verdict. Pure.

import type { IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
import { isLoopback, isPrivateAddress } from '../addresses';
import type { Config } from '../config';
import { accessTable, type LiveVerdict, type Origin, type Row, type ScrapeVerdict } from './access-table';
import { foreignHeader } from './direct-headers';

export type AccessRule = Pick<Config, 'token' | 'answerPublic' | 'production' | 'live'>;

/** What is known of who asks. */
export interface Caller {
  /** The peer's address; undefined: not known, which counts as public. */
  readonly address: string | undefined;
  readonly overUnixSocket: boolean;
  readonly headers: Readonly<IncomingHttpHeaders>;
}

export interface Access {
  metrics(caller: Caller): ScrapeVerdict;
  live(caller: Caller): LiveVerdict;
}

export function createAccess(rule: AccessRule): Access {
  const brings = rule.token === undefined ? (): boolean => false : bringer(rule.token);
  return { metrics: reader(accessTable.metrics, rule, brings), live: reader(accessTable.live, rule, brings) };
}

/** What the environment settles is settled once; a request is asked for the rest, and only where a row wants to know. */
function reader<V>(rows: readonly Row<V>[], rule: AccessRule, brings: (caller: Caller) => boolean): (caller: Caller) => V {
  const settings = ['answerPublic', 'live', 'production'] as const;
  const left = rows.filter(
    (row) => settings.every((name) => (row[name] ?? rule[name]) === rule[name]) && !(row.token !== undefined && rule.token === undefined),
  );
  return (caller) =>
    left.find(({ token, from }) => (token !== 'brought' || brings(caller)) && (from === undefined || from.includes(originOf(caller))))!.verdict;
}

export function originOf({ address, overUnixSocket, headers }: Caller): Origin {
  if (isForwarded(headers)) return 'proxy';
  if (overUnixSocket) return 'socket';
  if (isLoopback(address) && isOwnName(headers[':authority'] ?? headers.host)) return 'this machine';
  return isPrivateAddress(address) ? 'private' : 'public';
}

/** A request that a proxy passes on shows the proxy's private address, and in a header that it was passed on. */
export function isForwarded(headers: Readonly<IncomingHttpHeaders>): boolean {
  return foreignHeader(headers) !== undefined;
}

/** An address, `localhost`, or a name below it (RFC 6761), with or without a port. */
function isOwnName(host: string | string[] = ''): boolean {
  const name = String(host)
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return net.isIP(name) !== 0 || /^(.+\.)?localhost$/i.test(name);
}

function bringer(token: string): (caller: Caller) => boolean {
  const isToken = comparison(Buffer.from(token));
  return ({ headers }) => isToken(credentials(headers.authorization));
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
