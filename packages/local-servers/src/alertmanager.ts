// A real Alertmanager, to which a Prometheus can send its alerts.
import fs from 'node:fs';
import path from 'node:path';
import { onFreePort } from './free-port';
import { onPath } from './program';
import { startServer } from './server-process';
import { ServerUnavailable } from './server-unavailable';
import { WatchedFolder } from './watched-folder';

export interface Alertmanager {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Ends Alertmanager and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the Alertmanager on PATH, alone, with its data in a temporary folder. Debian's package will not do: its program reads templates from
 * below /usr, where nothing may be installed.
 *
 * @param config the configuration as YAML
 * @throws {ServerUnavailable} without an Alertmanager
 * @throws with Alertmanager's own words after a refusal of the configuration
 */
export async function startAlertmanager(config: string): Promise<Alertmanager> {
  const command = await onPath('alertmanager');
  if (!command) throw new ServerUnavailable('no alertmanager on PATH. Remedy: install it, or run `npm run test:go`, which builds it');
  return onFreePort((port) => startOn(port, command, config));
}

async function startOn(port: number, command: string, config: string): Promise<Alertmanager> {
  const folder = WatchedFolder.create('alertmanager');
  const file = path.join(folder.path, 'alertmanager.yml');
  await fs.promises.writeFile(file, config);
  const url = `http://127.0.0.1:${port}`;
  const args = [`--config.file=${file}`, `--storage.path=${folder.path}`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
  const stop = await startServer({ command, args, folder, stopSignal: 'SIGTERM', ready: () => isReady(url) });
  return { url, stop };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
