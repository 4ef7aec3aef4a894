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
  log(): string;
  stop(): Promise<void>;
}

/** @throws {ServerUnavailable} if there is no Prometheus to be had */
export async function startReceiver(): Promise<Receiver> {
  const folder = mkdtempSync(path.join(tmpdir(), 'receiver-'));
  chmodSync(folder, 0o755);
  const web = path.join(folder, 'web.yml');
  writeFileSync(web, `basic_auth_users: { '${CREDENTIALS.username}': '${HASH}' }\n`);
  const authorization = `Basic ${Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')}`;
  const flags = ['--web.enable-remote-write-receiver', `--web.config.file=${web}`];
  const prometheus = await startPrometheus({ config: 'scrape_configs: []\n', flags, authorization });
  return {
    writeUrl: `${prometheus.url}/api/v1/write`,
    query: (promql) => query(prometheus, promql, authorization),
    log: prometheus.log,
    stop: async () => {
      await prometheus.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function query({ url }: Prometheus, promql: string, authorization: string): Promise<string[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`, { headers: { authorization } });
  const body = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return body.data.result.map(({ value }) => value[1]);
}
