// Whether the collector that the app pushes to answers, and takes metrics: asked with a request that holds none.

import { later, ok, statusOf, wrong, type Finding } from './answer';

const BASE = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const METRICS = 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';

/** Undefined if the app pushes to none. The names and their precedence are OpenTelemetry's. */
export async function checkCollector(environment: Readonly<Record<string, string | undefined>>): Promise<Finding | undefined> {
  const [own, base] = [environment[METRICS], environment[BASE]];
  if (!own && !base) return undefined;
  const name = own ? METRICS : BASE;
  const url = own || `${base?.replace(/\/$/, '')}/v1/metrics`;
  if (!URL.canParse(url) || !/^https?:/i.test(url)) return wrong(`${name} is not an http or https address`, 'write it as http://host:4318');
  const headers = { ...headersOf(environment[HEADERS]), ...headersOf(environment['OTEL_EXPORTER_OTLP_METRICS_HEADERS']) };
  try {
    const answer = await statusOf(name, url, { ...headers, 'content-type': 'application/x-protobuf' }, new Uint8Array());
    return typeof answer === 'number' ? finding(answer, name, new URL(url)) : answer;
  } catch {
    return wrong(`${HEADERS} is not a list of headers`, 'write it as name=value,name=value');
  }
}

function finding(status: number, name: string, { host, pathname }: URL): Finding {
  if (status < 300) return ok(`${name}: ${host} takes metrics`);
  if (status === 401 || status === 403) return wrong(`${name}: ${host} refuses this sender (${status})`, `check ${HEADERS}`);
  if (status === 429 || status >= 500) return later(`${name}: ${host} answers ${status} now`, 'look at its log; the app sends again');
  return wrong(`${name}: ${host} takes no OTLP at ${pathname} (${status})`, 'give the address without a path; the port is 4318 for http/protobuf');
}

function headersOf(list = ''): Record<string, string> {
  const pairs = list.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), decoded(pair.slice(pair.indexOf('=') + 1).trim())]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
