// The command line of the demo.

import { parseArgs } from 'node:util';

export interface Options {
  /** The backend's port. */
  readonly port: number;
  /** Seconds of load before the demo ends by itself; undefined: until somebody ends the demo. */
  readonly seconds: number | undefined;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run demo -- [--port 3001] [--seconds 30]

  --port N      the port of the backend, and so of /metrics (3001)
  --seconds N   end after N seconds of load, with a summary; otherwise q ends it
  --help        this text

DATABASE_URL and REDIS_URL name servers to use instead of starting some.`;

/** @throws an Error with the flag's name */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string' }, seconds: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  return {
    port: wholeNumber('--port', values.port ?? '3001', 65_535),
    seconds: values.seconds === undefined ? undefined : wholeNumber('--seconds', values.seconds, 86_400),
    help: values.help ?? false,
  };
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new Error(`${flag} must be a whole number from 1 to ${max}, not "${text}"`);
}
