// The three variables that say where Prometheus or the collector writes to. Checks them; sends nothing, and shows none of their values.

import { credentialFaults } from './credentials';
import { fault, PASSWORD, URL_NAME, USERNAME, type Fault } from './fault';
import { readPassword } from './password-file';
import { asksForCredentials, urlFaults } from './url';

export interface RemoteWrite {
  readonly state: 'set';
  /** An http or https address without credentials. */
  readonly url: string;
  /** Both or neither: a receiver on a private network may ask for none. */
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export type Triple = RemoteWrite | { readonly state: 'unset' } | { readonly state: 'wrong'; readonly faults: readonly Fault[] };

/** Reads and checks PROMETHEUS_REMOTE_WRITE_URL, _USERNAME and _PASSWORD (or _PASSWORD_FILE). An empty value counts as unset. Never throws. */
export function readRemoteWrite(environment: Readonly<Record<string, string | undefined>>): Triple {
  const [url, username] = [URL_NAME, USERNAME].map((name) => environment[name] || undefined);
  const password = readPassword(environment);
  if (typeof password === 'object') return { state: 'wrong', faults: [password] };
  if (url === undefined && username === undefined && password === undefined) return { state: 'unset' };
  const faults = [...halves(url, username, password), ...(url === undefined ? [] : urlFaults(url)), ...credentialFaults(username, password)];
  return faults.length > 0 ? { state: 'wrong', faults } : { state: 'set', url: url!, username, password };
}

function halves(url: string | undefined, username: string | undefined, password: string | undefined): Fault[] {
  const missing = (name: string, other: string): Fault => fault(`${name} is not set, although ${other} is`, 'set it, or unset the others');
  const open = url !== undefined && username === undefined && password === undefined && asksForCredentials(url);
  return [
    ...(url === undefined ? [missing(URL_NAME, username === undefined ? PASSWORD : USERNAME)] : []),
    ...(username === undefined && password !== undefined ? [missing(USERNAME, PASSWORD)] : []),
    ...(username !== undefined && password === undefined ? [missing(PASSWORD, USERNAME)] : []),
    ...(open ? [fault(`${USERNAME} and ${PASSWORD} are not set, and ${URL_NAME} is a public address`, 'set both, as the receiver gave them')] : []),
  ];
}
