// A real Prometheus, and promtool.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onFreePort } from './free-port';
import { prometheusProgram } from './prometheus-programs';
import { startServer } from './server-process';
import { WatchedFolder } from './watched-folder';

export interface PrometheusOptions {
  /** The configuration as YAML. */
  config?: string;
  /** Path of a configuration file, instead of `config`; relative paths in the file start from its folder. */
  configFile?: string;
  /** Port on 127.0.0.1; default a free port. */
  port?: number;
  /** Further flags, as `--web.enable-remote-write-receiver`. */
  flags?: readonly string[];
  /** The Authorization header that Prometheus's own flags demand, of us as well. */
  authorization?: string;
  /** Receives a line about each slow step, such as a download. */
  say?: (line: string) => void;
}

export interface Prometheus {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Prometheus's output so far. */
  log(): string;
  /** Ends Prometheus and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts Prometheus with its data in a temporary folder.
 *
 * @throws {ServerUnavailable} if this machine can have no Prometheus
 * @throws with Prometheus's own words after a refusal of the configuration, or if the port is not free
 */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const command = await prometheusProgram('prometheus', options.say);
  const start = (port: number): Promise<Prometheus> => startOn(port, command, options);
  return options.port === undefined ? onFreePort(start) : start(options.port);
}

async function startOn(
  port: number,
  command: string,
  { config = '', configFile, flags = [], authorization }: PrometheusOptions,
): Promise<Prometheus> {
  const folder = WatchedFolder.create('prometheus');
  const file = configFile ? path.resolve(configFile) : path.join(folder.path, 'prometheus.yml');
  if (!configFile) await fs.promises.writeFile(file, config);
  const url = `http://127.0.0.1:${port}`;
  const data = path.join(folder.path, 'data');
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${port}`, ...flags];
  const stop = await startServer({ command, args, folder, stopSignal: 'SIGTERM', ready: () => isReady(url, data, authorization) });
  const log = (): string => fs.readFileSync(path.join(folder.path, 'log'), 'utf8');
  return { url, log, stop };
}

/** Ready, and ours: a second Prometheus may be answering on this port while ours is failing to get the port. */
async function isReady(url: string, data: string, authorization = ''): Promise<boolean> {
  try {
    const headers = { authorization };
    const ready = await fetch(`${url}/-/ready`, { headers });
    const flags = (await (await fetch(`${url}/api/v1/status/flags`, { headers })).json()) as { data: Record<string, string> };
    return ready.ok && flags.data['storage.tsdb.path'] === data;
  } catch {
    return false;
  }
}

/** The result of a run of promtool. */
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
    // promtool may end without having read its input.
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}
