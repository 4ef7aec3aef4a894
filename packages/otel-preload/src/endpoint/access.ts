// Classifies the caller by the request, and reads the verdict from the table. Pure.

import type { IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
import { isLoopback, isPrivateAddress } from '../addresses';
import type { Config } from '../config';
import { accessTable, type LiveVerdict, type Origin, type Row, type ScrapeVerdict } from './access-table';
import { foreignHeader } from './direct-headers';

export type AccessRule = Pick<Config, 'token' | 'answerPublic' | 'production' | 'live'>;

/** The known facts about the sender of a request. */
export interface Caller {
  /** The peer's address. Undefined: not known; an unknown address counts as public. */
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

/** The environment's conditions are checked once, here. The returned function checks the rest per request, and only as far as a row asks. */
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

/** Behind a proxy the peer's address is the proxy's private address; only a header shows that a proxy passed the request on. */
export function isForwarded(headers: Readonly<IncomingHttpHeaders>): boolean {
  return foreignHeader(headers) !== undefined;
}

/** True for an address, for `localhost`, and for a name below `localhost` (RFC 6761), with or without a port. */
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

/** The token in an Authorization header, as bytes: Node.js decodes the header as latin1, and a token may be UTF-8. */
function credentials(authorization: string | undefined): Buffer {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(.*)$/i.exec(authorization?.trim() ?? '') ?? [];
  if (scheme.toLowerCase() !== 'basic') return Buffer.from(value, 'latin1');
  const pair = Buffer.from(value, 'base64');
  const colon = pair.indexOf(':');
  return colon < 0 ? Buffer.alloc(0) : pair.subarray(colon + 1);
}

/** Compares digests of equal length: the duration reveals neither the token's length nor the number of right characters. */
function comparison(wanted: Buffer): (given: Buffer) => boolean {
  const { createHash, timingSafeEqual } = require('node:crypto') as typeof import('node:crypto');
  const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  const digestOfWanted = digest(wanted);
  return (given) => timingSafeEqual(digestOfWanted, digest(given));
}
