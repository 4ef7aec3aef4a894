// Asks an address a question, and tells apart the possible faults on the way there.

import http from 'node:http';
import https from 'node:https';

/** The result of a check. `later`: the settings show no fault, and the check may pass in a minute. */
export interface Finding {
  readonly verdict: 'ok' | 'wrong' | 'later';
  /** A line: the question, the answer, and the remedy. Holds no secret. */
  readonly line: string;
}

export const ok = (line: string): Finding => ({ verdict: 'ok', line });
export const wrong = (line: string, remedy: string): Finding => ({ verdict: 'wrong', line: `${line}: ${remedy}` });
export const later = (line: string, remedy: string): Finding => ({ verdict: 'later', line: `${line}: ${remedy}` });

const PATIENCE_MS = 10_000;

export interface Question {
  /** The variable of the address, for the line. */
  readonly name: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly tls?: https.RequestOptions;
  /** The variable of the certificates to trust. */
  readonly trusted: string;
}

/** Posts the body; resolves to the status, or to a finding if none came back. */
export async function statusOf(question: Question): Promise<number | Finding> {
  try {
    return await post(question);
  } catch (thrown) {
    return unanswered(question, thrown);
  }
}

/** Not by fetch, which knows no certificates of one's own. */
function post({ url, headers, body, tls }: Question): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http;
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': body.length },
    agent: false,
    autoSelectFamily: true,
    ...tls,
    signal: AbortSignal.timeout(PATIENCE_MS),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      resolve(response.statusCode!);
      response.destroy();
    });
    sent.on('error', reject).end(body);
  });
}

function unanswered({ name, url: { host, hostname }, trusted }: Question, thrown: unknown): Finding {
  const code = codeOf(thrown);
  if (code === 'ENOTFOUND') return wrong(`${name}: there is no host ${hostname}`, 'check its name, and that this machine can look it up');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return wrong(`${name}: the certificate of ${host} is for another name`, 'write the name that it is for');
  if (/CERT|ISSUER|VERIFY|SIGNATURE/.test(code)) {
    return wrong(
      `${name}: the certificate of ${host} is not trusted (${code})`,
      `name a file with its authority's in ${trusted}, or have it renewed`,
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return wrong(`${name}: ${host} does not speak TLS (${code})`, 'write http:// if it is on a private network, or its TLS port');
  }
  return later(`${name}: ${host} is not reached (${code})`, 'check that it runs, and that firewalls let this machine through');
}

/** A code of Node's, never a message: a message may repeat the request. */
function codeOf(thrown: unknown): string {
  const { name, code } = thrown as { name?: string; code?: unknown };
  if (name === 'AbortError') return `no answer within ${PATIENCE_MS / 1000} s`;
  return typeof code === 'string' ? code : 'it cut the connection';
}
