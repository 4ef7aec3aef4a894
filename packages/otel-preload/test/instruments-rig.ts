// A measurement without boot or hooks: instruments in, exposition out, and what was said meanwhile.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Config } from '../src/config';
import { createTelemetry, type Telemetry } from '../src/telemetry';

const CONFIG: Config = {
  enabled: true,
  port: undefined,
  portOfExporter: false,
  appPort: undefined,
  host: undefined,
  path: '/metrics',
  token: undefined,
  answerPublic: false,
  live: false,
  production: false,
  disabled: new Set(),
  slowQueryMs: 100,
  boundaries: {},
  labelCaps: { endpoint: 200, table: 100, job_type: 100, cache_type: 50, error_type: 50, rest: 100 },
  seriesCap: 2000,
  cacheTypes: undefined,
  resource: {},
  push: undefined,
};

export interface Rig extends Telemetry {
  /** The whole exposition of a new scrape. */
  readonly text: (accept?: string) => Promise<string>;
  /** The sample lines of a new scrape whose metric name begins with `prefix`. */
  readonly lines: (prefix: string) => Promise<string[]>;
}

export function rig(config: Partial<Config> = {}): Rig {
  const telemetry = createTelemetry({ ...CONFIG, ...config }, '1.2.3');
  const text = async (accept?: string): Promise<string> => {
    let whole = '';
    for await (const chunk of (await telemetry.scrape(accept)).chunks) whole += chunk;
    return whole;
  };
  const lines = async (prefix: string): Promise<string[]> => (await text()).split('\n').filter((line) => line.startsWith(prefix));
  return { ...telemetry, text, lines };
}

export const caps = CONFIG.labelCaps;

/** What the preload says on stderr while `work` runs. Causes are said once a process: each test needs names of its own. */
export async function said(work: () => unknown): Promise<string[]> {
  let text = '';
  // Where each write arrives: the preload writes past a write() that was replaced.
  process.stderr._write = (chunk: unknown, _, done) => {
    text += String(chunk);
    done();
  };
  try {
    await work();
  } finally {
    Reflect.deleteProperty(process.stderr, '_write');
  }
  return text.split('\n').filter((line) => line !== '');
}

setFlagsFromString('--expose-gc');
/** So that what is in use afterwards is what is held. */
export const collectGarbage = runInNewContext('gc') as () => void;
