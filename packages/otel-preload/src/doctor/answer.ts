// Asks one address one question, and tells apart what can be wrong with the way there.

/** What a check found. `later` is for what may be right in a minute: nothing is wrong with the settings as far as that shows. */
export interface Finding {
  readonly verdict: 'ok' | 'wrong' | 'later';
  /** One line: what was asked, what came back, and the remedy. Holds no secret. */
  readonly line: string;
}

export const ok = (line: string): Finding => ({ verdict: 'ok', line });
export const wrong = (line: string, remedy: string): Finding => ({ verdict: 'wrong', line: `${line}: ${remedy}` });
export const later = (line: string, remedy: string): Finding => ({ verdict: 'later', line: `${line}: ${remedy}` });

const PATIENCE_MS = 10_000;

/**
 * Posts `body`; resolves to the status, or to a finding if none came back.
 *
 * @param name of the variable that holds the address, for the line
 */
export async function statusOf(
  name: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer>,
): Promise<number | Finding> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    return response.status;
  } catch (thrown) {
    return unanswered(name, new URL(url), thrown);
  }
}

function unanswered(name: string, { host, hostname }: URL, thrown: unknown): Finding {
  const code = codeOf(thrown);
  if (code === 'ENOTFOUND') return wrong(`${name}: there is no host ${hostname}`, 'check its name, and that this machine can look it up');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return wrong(`${name}: the certificate of ${host} is for another name`, 'write the name that it is for');
  if (/CERT|ISSUER|VERIFY|SIGNATURE/.test(code)) {
    return wrong(`${name}: the certificate of ${host} is not trusted (${code})`, "give its authority's in NODE_EXTRA_CA_CERTS, or have it renewed");
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return wrong(`${name}: ${host} does not speak TLS (${code})`, 'write http:// if it is on a private network, or its TLS port');
  }
  return later(`${name}: ${host} is not reached (${code})`, 'check that it runs, and that firewalls let this machine through');
}

/** A code of Node's, never a message: that may repeat what was sent. */
function codeOf(thrown: unknown): string {
  const { name, cause } = thrown as { name?: string; cause?: { code?: unknown; errors?: { code?: unknown }[] } };
  if (name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  return typeof code === 'string' ? code : 'it cut the connection';
}
