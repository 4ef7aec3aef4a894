// A real Prometheus, and promtool.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { debianProgram } from './debian-packages';
import { freePort } from './free-port';
import { onPath } from './program';
import { startServer } from './server-process';
import { ServerUnavailable } from './server-unavailable';
import { WatchedFolder } from './watched-folder';

export interface PrometheusOptions {
  /** The configuration as YAML. Relative paths in it start from a folder of its own: use `configFile` for those. */
  config?: string;
  /** Path of a configuration file. */
  configFile?: string;
  /** Port on 127.0.0.1; default a free one. */
  port?: number;
  /** Is told in one line what takes a while, as a download does. */
  say?: (line: string) => void;
}

export interface Prometheus {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Ends it and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts Prometheus with its data in a temporary folder.
 *
 * @throws {ServerUnavailable} if there is no Prometheus to be had
 * @throws with Prometheus's own words if it does not take the configuration
 */
export async function startPrometheus({ config = '', configFile, port, say }: PrometheusOptions): Promise<Prometheus> {
  const command = await prometheusProgram('prometheus', say);
  const folder = WatchedFolder.create('prometheus');
  const file = configFile ? path.resolve(configFile) : path.join(folder.path, 'prometheus.yml');
  if (!configFile) await fs.promises.writeFile(file, config);
  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${path.join(folder.path, 'data')}`, `--web.listen-address=${address}`];
  const ready = (): Promise<boolean> => fetch(`http://${address}/-/ready`).then((response) => response.ok, () => false);
  const stop = await startServer({ command, args, folder, stopSignal: 'SIGTERM', ready });
  return { url: `http://${address}`, stop };
}

/** What a run of promtool gave. */
export interface PromtoolResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs promtool with `args`, and `input` as its standard input, and resolves whatever its exit code.
 *
 * @throws {ServerUnavailable} if there is no promtool to be had
 */
export async function promtool(args: string[], input = ''): Promise<PromtoolResult> {
  const program = await prometheusProgram('promtool');
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}

/**
 * The absolute path of a program of Prometheus's: on PATH, else out of the system's package, unpacked into the cache folder.
 *
 * @throws {ServerUnavailable} if neither is to be had
 */
export async function prometheusProgram(name: 'prometheus' | 'promtool', say: (line: string) => void = () => {}): Promise<string> {
  let why = '';
  const found = (await onPath(name)) ?? (await debianProgram('prometheus', name, say).catch((thrown: Error) => void (why = ` (${thrown.message})`)));
  if (found) return found;
  const install = process.platform === 'darwin' ? '`brew install prometheus`' : 'install Prometheus';
  throw new ServerUnavailable(`no ${name}: it is not on PATH, and there is no package through apt${why}. Remedy: ${install}`);
}
