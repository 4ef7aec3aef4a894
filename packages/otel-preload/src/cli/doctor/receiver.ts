// Whether the receiver of remote writes takes user name and password: asked with a request that writes nothing.

import type { RemoteWrite } from '../remote-write';
import { PASSWORD, URL_NAME, USERNAME } from '../remote-write/fault';
import { version } from '../../version';
import { later, ok, statusOf, wrong, type Finding } from './answer';

/** An empty message of protobuf is no bytes, and snappy's form of no bytes is their number. */
const NO_SERIES = new Uint8Array([0]);

export async function checkReceiver(to: RemoteWrite): Promise<Finding> {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
    'user-agent': `otel-preload/${version}`,
    ...(to.username !== undefined && { authorization: `Basic ${Buffer.from(`${to.username}:${to.password}`).toString('base64')}` }),
  };
  const answer = await statusOf({ name: URL_NAME, url: new URL(to.url), headers, body: NO_SERIES, trusted: 'NODE_EXTRA_CA_CERTS' });
  return typeof answer === 'number' ? finding(answer, to) : answer;
}

function finding(status: number, { url, username }: RemoteWrite): Finding {
  const { host, pathname } = new URL(url);
  // Some receivers call an empty request a bad request, after accepting the password.
  if (status < 300 || status === 400) return ok(`${URL_NAME}: ${host} takes writes${username === undefined ? '' : ' from this user'}`);
  if (status === 401 && username === undefined) return wrong(`${URL_NAME}: ${host} asks for basic auth (401)`, `set ${USERNAME} and ${PASSWORD}`);
  if (status === 401) return wrong(`${USERNAME} or ${PASSWORD} is wrong: ${host} answers 401`, 'set both as the receiver gave them');
  if (status === 403)
    return wrong(
      `${username === undefined ? 'Whoever has no user name' : USERNAME} may not write to ${host} (403)`,
      'give its token the right to write metrics (metrics:write)',
    );
  if (status < 400) return wrong(`${URL_NAME}: ${host} sends to another address (${status})`, 'set the variable to that one');
  if (status === 429 || status >= 500) return later(`${URL_NAME}: ${host} answers ${status} now`, 'try again; a queue keeps what is sent until then');
  return wrong(
    `${URL_NAME}: ${host} takes no writes at ${pathname} (${status})`,
    'check the path; Prometheus needs --web.enable-remote-write-receiver',
  );
}
