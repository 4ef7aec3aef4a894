// Who may see the live page. Pure. The page holds no figures: those it asks of METRICS_PATH, where access.ts decides.

import net from 'node:net';
import { isLoopback } from '../addresses';
import type { Config } from '../config';
import { createAccess, isForwarded, type Caller, type Verdict } from './access';

export type LiveAccessRule = Pick<Config, 'live' | 'token' | 'answerPublic' | 'production'>;

/** `absent`: as if there were no such page; the app may have one of its own. */
export type LiveVerdict = Exclude<Verdict, 'forbidden'> | 'absent';

/** Whoever sits at this machine; elsewhere it takes METRICS_LIVE and the token, whatever NODE_ENV says. */
export function createLiveAccess(rule: LiveAccessRule): (caller: Caller) => LiveVerdict {
  const byToken = createAccess(rule);
  return (caller) => {
    if (isLocal(caller)) return 'granted';
    if (!rule.live || rule.token === undefined) return 'absent';
    return byToken(caller) === 'granted' ? 'granted' : 'unauthorized';
  };
}

/** Over loopback, by nobody's proxy, and under a name that only this machine can mean: a page of elsewhere may make its own name lead here. */
function isLocal({ address, overUnixSocket, headers }: Caller): boolean {
  return !overUnixSocket && isLoopback(address) && !isForwarded(headers) && isOwnName(headers[':authority'] ?? headers.host);
}

/** An address, `localhost`, or a name below it (RFC 6761), with or without a port. */
function isOwnName(host: string | string[] = ''): boolean {
  const name = String(host)
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return net.isIP(name) !== 0 || /^(.+\.)?localhost$/i.test(name);
}
