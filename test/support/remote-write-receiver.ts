// A real Prometheus that takes remote writes from whoever brings user name and password.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPrometheus, type Prometheus } from '@earntrack/local-servers';

/** Grafana Cloud's user names are numbers; the password has what shells, YAML, templates and env files each take for their own. */
export const CREDENTIALS = { username: '0123456', password: "p\"'$s #w'\\r ${HOME} $$ `x` ünï 漢 %41 a:b {{x}} & ; 'z" } as const;

/** That password's bcrypt hash, at the lowest cost. */
const HASH = '$2a$04$44uFwM9A2umq7AvAB7Iev.x60iKfdoQh3LdQkg0575I6wPhFKRS8G';

export interface Receiver {
  /** Where to write to. */
  readonly writeUrl: string;
  /** The values that a query finds now. */
  query(promql: string): Promise<string[]>;
  /** Every stored sample of the one series that `selector` finds, as [milliseconds, value]. */
  samples(selector: string): Promise<[number, number][]>;
  /** Every series that a query finds now: its labels, and its value as `value`. */
  series(promql: string): Promise<Record<string, string>[]>;
  log(): string;
  stop(): Promise<void>;
}

/** A queue hands on what is old, which Prometheus by itself does not take. */
const CONFIG = `
scrape_configs: []
storage: { tsdb: { out_of_order_time_window: 30m } }
`;

/**
 * @param config of Prometheus, by default with an out-of-order window
 * @param further flags
 * @throws {ServerUnavailable} if there is no Prometheus to be had
 */
export async function startReceiver(config = CONFIG, ...further: string[]): Promise<Receiver> {
  const folder = mkdtempSync(path.join(tmpdir(), 'receiver-'));
  chmodSync(folder, 0o755);
  const web = path.join(folder, 'web.yml');
  writeFileSync(web, `basic_auth_users: { '${CREDENTIALS.username}': '${HASH}' }\n`);
  const authorization = `Basic ${Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')}`;
  const flags = ['--web.enable-remote-write-receiver', `--web.config.file=${web}`, ...further];
  const prometheus = await startPrometheus({ config, flags, authorization });
  return {
    writeUrl: `${prometheus.url}/api/v1/write`,
    query: async (promql) => (await ask(prometheus, promql, authorization)).map(({ value }) => value![1]),
    samples: async (selector) => {
      const [series, ...others] = await ask(prometheus, `${selector}[3h]`, authorization);
      if (others.length > 0) throw new Error(`${selector} finds ${others.length + 1} series`);
      return (series?.values ?? []).map(([at, value]) => [Math.round(at * 1000), Number(value)]);
    },
    series: async (promql) => (await ask(prometheus, promql, authorization)).map(({ metric, value }) => ({ ...metric, value: value![1] })),
    log: prometheus.log,
    stop: async () => {
      await prometheus.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

interface Series {
  readonly metric: Record<string, string>;
  readonly value?: [number, string];
  readonly values?: [number, string][];
}

async function ask({ url }: Prometheus, promql: string, authorization: string): Promise<Series[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`, { headers: { authorization } });
  const body = (await response.json()) as { data: { result: Series[] }; error?: string };
  if (!response.ok) throw new Error(body.error);
  return body.data.result;
}
