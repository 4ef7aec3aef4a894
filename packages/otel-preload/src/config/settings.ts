// From the texts of all variables to the Config. Names every mistake in them; knows nothing of their origin.

import { database } from '../catalogue/database';
import type { Config, Environment, Say } from './types';
import { isBlank } from './parsers';
import { pushSettings } from './push-settings';
import { sayUnknown } from './unknown-variables';
import { type Read, variables, type ValueOf, type Variable, type VariableName } from './variables';

/** The checked settings, or undefined if OpenTelemetry as a whole is switched off. */
export function readSettings(environment: Environment, say: Say): Config | undefined {
  const read = readerOf(environment, say);
  if (read('OTEL_SDK_DISABLED')) return undefined;
  sayUnknown(environment, say);
  const slowQueryMs = read('SLOW_QUERY_MS');
  return Object.freeze({
    enabled: true,
    ...listening(read),
    ...access(read, environment, say),
    disabled: read('METRICS_DISABLE') ?? new Set(),
    slowQueryMs,
    boundaries: Object.freeze(boundaries(read, slowQueryMs)),
    labelCaps: Object.freeze(labelCaps(read)),
    seriesCap: read('METRICS_MAX_SERIES'),
    cacheTypes: read('CACHE_TYPES'),
    resource: Object.freeze(resource(read)),
    push: pushSettings(read),
  });
}

export function readerOf(environment: Environment, say: Say): Read {
  return (name) => readVariable(name, environment[name], say);
}

function readVariable<N extends VariableName>(name: N, text: string | undefined, say: Say): ValueOf<N> {
  const { parser, default: standard, secret } = variables[name] as Variable<ValueOf<N>>;
  const set = isBlank(text) ? '' : text!.trim();
  const shown = secret ? (): string => '(not shown)' : quote;
  const wrong = (entry: string): void => say(`${name} ${entry}`, `${name}: ${shown(entry)} is not ${parser.accepts}: it is left out`);
  const value = set === '' ? undefined : parser.parse(set, wrong);
  if (value !== undefined) return value;
  if (set !== '') say(name, `${name}=${shown(set)} is not ${parser.accepts}: ${standard === '' ? 'it counts as unset' : `${standard} is used`}`);
  return (standard === '' ? undefined : parser.parse(standard)) as ValueOf<N>;
}

/** Without the possible passwords and keys of an address, even of an address without its scheme. */
function quote(text: string): string {
  const shown = text.replace(/^(\w+:\/\/)?.*@/s, '$1…@').replace(/^([^/].*?)\?.*/s, '$1?…');
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown);
}

function listening(read: Read): Pick<Config, 'port' | 'portOfExporter' | 'appPort' | 'host' | 'path'> {
  const [port, exportersPort, appPort] = [read('METRICS_PORT'), read('OTEL_EXPORTER_PROMETHEUS_PORT'), read('PORT')];
  return {
    port: port ?? exportersPort,
    portOfExporter: port === undefined && exportersPort !== undefined,
    appPort: appPort === 'pipe' ? undefined : appPort,
    host: read('METRICS_HOST') ?? read('OTEL_EXPORTER_PROMETHEUS_HOST'),
    path: read('METRICS_PATH'),
  };
}

function access(read: Read, { METRICS_AUTH_TOKEN: given }: Environment, say: Say): Pick<Config, 'token' | 'answerPublic' | 'live' | 'production'> {
  const [token, live] = [read('METRICS_AUTH_TOKEN'), read('METRICS_LIVE')];
  if (given !== undefined && token === undefined) say('METRICS_AUTH_TOKEN', BLANK_TOKEN);
  if (live && token === undefined) say('METRICS_LIVE', LIVE_WITHOUT_TOKEN);
  return {
    token,
    live,
    answerPublic: read('METRICS_PUBLIC'),
    production: read('NODE_ENV')?.toLowerCase() === 'production',
  };
}

const BLANK_TOKEN =
  'METRICS_AUTH_TOKEN is there, but blank, so that no token is asked for: give it a value (in .env in quotes, if it holds a #), or remove it';

const LIVE_WITHOUT_TOKEN = 'METRICS_LIVE=true needs METRICS_AUTH_TOKEN: without it the live page is served on loopback alone';

function boundaries(read: Read, slowQueryMs: number): Config['boundaries'] {
  const http = read('METRICS_HTTP_BUCKETS_MS');
  const jobs = read('METRICS_JOB_BUCKETS_MS');
  const queries = read('METRICS_DATABASE_BUCKETS_MS') ?? database.database_query_duration_ms.boundaries;
  return {
    ...(http && { http_request_duration_ms: http, http_client_request_duration_ms: http }),
    ...(jobs && { job_duration_ms: jobs }),
    // slow_queries_total is the sum of the buckets above the limit: exact only while the limit is a boundary.
    database_query_duration_ms: [...new Set([...queries, slowQueryMs])].sort((a, b) => a - b),
  };
}

function labelCaps(read: Read): Config['labelCaps'] {
  return {
    endpoint: read('METRICS_MAX_ENDPOINTS'),
    table: read('METRICS_MAX_TABLES'),
    job_type: read('METRICS_MAX_JOB_TYPES'),
    cache_type: read('METRICS_MAX_CACHE_TYPES'),
    error_type: read('METRICS_MAX_ERROR_TYPES'),
    rest: read('METRICS_MAX_LABEL_VALUES'),
  };
}

function resource(read: Read): Config['resource'] {
  const name = read('OTEL_SERVICE_NAME');
  return { ...read('OTEL_RESOURCE_ATTRIBUTES'), ...(name !== undefined && { 'service.name': name }) };
}
