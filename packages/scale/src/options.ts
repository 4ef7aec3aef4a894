// The command line of `npm run load`.

import { parseArgs } from 'node:util';
import { FIXED_SERIES } from './shape';
import type { Address } from './target-server';

export interface Options {
  readonly instances: number;
  readonly series: number;
  readonly intervalSeconds: number;
  readonly deployEverySeconds: number | undefined;
  /** Undefined: until a signal comes. */
  readonly seconds: number | undefined;
  /** Where to push to; undefined: serve for scraping. */
  readonly url: string | undefined;
  readonly listen: Address;
  readonly retentionDays: number;
  readonly help: boolean;
}

const MOST_SERIES = 2_000_000;

export const USAGE = `Usage: npm run load -- [--instances 10] [--series 1000] [--interval 15] [--deploy-every SECONDS] [--seconds SECONDS]
                       [--listen 127.0.0.1:9400 | --url http://127.0.0.1:9090/api/v1/write] [--retention-days 30]

Speaks for N instances × M series of the documented metrics, and says beforehand what that needs (compose/SCALING.md).

  --instances N       how many (at most 1000)
  --series M          of each (${FIXED_SERIES} to 10000; N × M at most ${MOST_SERIES})
  --interval S        seconds between two samples of a series
  --deploy-every S    all instances get a new name every S seconds, and start from nothing
  --seconds S         ends by itself
  --listen HOST:PORT  serves them to Prometheus, which finds them at /targets (http_sd_configs)
  --url URL           pushes them by remote write instead; PROMETHEUS_REMOTE_WRITE_USERNAME and _PASSWORD are used if set
  --retention-days D  for what it says of the disk`;

/** @throws an Error with the flag's name */
export function readOptions(args: string[]): Options {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      instances: string,
      series: string,
      interval: string,
      'deploy-every': string,
      seconds: string,
      listen: string,
      url: string,
      'retention-days': string,
      help: { type: 'boolean', short: 'h' },
    },
  });
  const instances = wholeNumber('--instances', values.instances ?? '10', 1, 1000);
  const series = wholeNumber('--series', values.series ?? '1000', FIXED_SERIES, 10_000);
  if (instances * series > MOST_SERIES) throw new Error(`--instances × --series must be at most ${MOST_SERIES}, not ${instances * series}`);
  if (values.url !== undefined && values.listen !== undefined) throw new Error('--listen serves and --url pushes: give one of them');
  const optional = (flag: string, text: string | undefined) => (text === undefined ? undefined : wholeNumber(flag, text, 1, 864_000));
  return {
    instances,
    series,
    intervalSeconds: wholeNumber('--interval', values.interval ?? '15', 1, 3600),
    deployEverySeconds: optional('--deploy-every', values['deploy-every']),
    seconds: optional('--seconds', values.seconds),
    url: values.url === undefined ? undefined : address(values.url),
    listen: listenAddress(values.listen ?? '127.0.0.1:9400'),
    retentionDays: wholeNumber('--retention-days', values['retention-days'] ?? '30', 1, 3650),
    help: values.help ?? false,
  };
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`${flag} must be a whole number from ${min} to ${max}, not "${text}"`);
}

/** Credentials in an address end up in logs. */
function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new Error('--url must be an http or https address');
  if (url.username || url.password) throw new Error('--url must hold no password: set PROMETHEUS_REMOTE_WRITE_USERNAME and _PASSWORD');
  return text;
}

function listenAddress(text: string): Address {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535) throw new Error(`--listen must be HOST:PORT, not "${text}"`);
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
