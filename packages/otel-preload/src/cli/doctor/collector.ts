// Whether the app's collector answers and takes metrics: asked with an empty request.

import type { Environment, PushConfig } from '../../config';
import { pushSettings } from '../../config/push-settings';
import { readerOf } from '../../config/settings';
import { tlsOf } from '../../push/exchange';
import { later, ok, statusOf, wrong, type Finding } from './answer';

const METRICS = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';

/** None if the app pushes to none. */
export async function collectorFindings(environment: Environment): Promise<Finding[]> {
  const misread: Finding[] = [];
  const push = pushSettings(readerOf(environment, (_, line) => misread.push({ verdict: 'wrong', line })));
  if (push === undefined) return misread;
  const name = readerOf(environment, () => {})(METRICS) === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : METRICS;
  return [...misread, await ask(name, push)];
}

async function ask(name: string, push: PushConfig): Promise<Finding> {
  const headers = { ...push.headers, 'content-type': 'application/x-protobuf' };
  const tls = await tlsOf(push);
  const answer = await statusOf({ name, url: push.url, headers, body: new Uint8Array(), tls, trusted: 'OTEL_EXPORTER_OTLP_CERTIFICATE' });
  return typeof answer === 'number' ? finding(answer, name, push.url) : answer;
}

function finding(status: number, name: string, { host, pathname }: URL): Finding {
  if (status < 300) return ok(`${name}: ${host} takes metrics`);
  if (status === 401 || status === 403) return wrong(`${name}: ${host} refuses this sender (${status})`, `check ${HEADERS}`);
  if (status === 429 || status >= 500) return later(`${name}: ${host} answers ${status} now`, 'look at its log; the app sends again');
  return wrong(`${name}: ${host} takes no OTLP at ${pathname} (${status})`, 'give the address without a path; the port is 4318 for http/protobuf');
}
