// A Prometheus beside the demo, if this machine has any: with the repository's own settings.

import { type Prometheus, onPath, startPrometheus } from '@earntrack/local-servers';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isFree } from './ports';

const SETTINGS = path.join(__dirname, '../../../../../prometheus.yml');
const PORT = 9090;
export const PROMETHEUS_URL = `http://localhost:${PORT}`;

/** @returns undefined without a Prometheus, or after a failed start; `say` then receives the reason */
export async function startPrometheusBeside(backendPort: number, say: (line: string) => void): Promise<Prometheus | undefined> {
  if (!(await onPath('prometheus'))) return undefined;
  try {
    if (!(await isFree(PORT))) throw new Error(`not started: port ${PORT} is taken`);
    const config = prometheusConfig(await readFile(SETTINGS, 'utf8'), backendPort);
    return await startPrometheus({ config, port: PORT });
  } catch (error) {
    say(`Prometheus  ${(error as Error).message}`);
    return undefined;
  }
}

/** The repository's prometheus.yml for this machine: without host.docker.internal, and with absolute paths of the rules, since the file moves. */
export function prometheusConfig(settings: string, backendPort: number): string {
  const rules = (file: string): string => `  - '${path.join(path.dirname(SETTINGS), file)}'`;
  return settings
    .replace('host.docker.internal:3001', `127.0.0.1:${backendPort}`)
    .replaceAll(/^ {2}- '(compose\/.+\.yml)'$/gm, (_, file: string) => rules(file));
}
