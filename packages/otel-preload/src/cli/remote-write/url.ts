// The address of the receiver: its form, and the hosts to trust with a password in clear text.

import net from 'node:net';
import { isPrivateAddress } from '../../addresses';
import { fault, PASSWORD, textFaults, URL_NAME, USERNAME, type Fault } from './fault';

const EXAMPLES = "Grafana Cloud's ends in /api/prom/push, Prometheus's in /api/v1/write, Mimir's in /api/v1/push";

/** At most one: the first explains the rest. */
export function urlFaults(text: string): Fault[] {
  const [first] = textFaults(URL_NAME, text);
  if (first) return [first];
  const url = parse(text);
  if (url === undefined) return [fault(`${URL_NAME} is not an http or https address`, 'write it as https://host/path, without spaces or quotes')];
  if (url.username !== '' || url.password !== '') {
    return [fault(`${URL_NAME} holds credentials, which logs would show`, `move them to ${USERNAME} and ${PASSWORD}`)];
  }
  if (url.pathname === '/' || (isGrafanaCloud(url) && !url.pathname.endsWith('/push'))) {
    return [fault(`${URL_NAME} is not the whole address, its path is missing or cut short`, EXAMPLES)];
  }
  if (url.protocol === 'http:' && !isPrivateHost(url)) {
    return [
      fault(
        `${URL_NAME} is http to a public host, so that everybody on the way reads the password`,
        'write https, or a private host by its full name (….svc.cluster.local)',
      ),
    ];
  }
  return [];
}

/** True for an address on the public net: nobody takes writes from everybody. */
export function asksForCredentials(text: string): boolean {
  const url = parse(text);
  return url !== undefined && !isPrivateHost(url);
}

/** As Prometheus would read the address; URL alone would drop blanks. */
function parse(text: string): URL | undefined {
  if (/\s/.test(text) || !/^https?:\/\/[^/]/i.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const isGrafanaCloud = (url: URL): boolean => url.hostname.endsWith('.grafana.net');

/** An address of a private network, or a name that only a private network knows: a single word, or under a domain reserved for private names. */
function isPrivateHost({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (net.isIP(bare) !== 0) return isPrivateAddress(bare);
  return !bare.includes('.') || /\.(internal|local|localhost|lan|home\.arpa|svc|test)$/.test(bare) || /^tasks\.[\w-]+$/.test(bare);
}
