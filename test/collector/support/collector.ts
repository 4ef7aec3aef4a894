// The collector of collector/manifest.yaml with the shipped configurations, on free ports, and with its waits shortened.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@earntrack/local-servers';
import { root } from '../../support/app';
import { until } from '../../support/until';

export const MAIN = 'otel-collector.yaml';
/** As compose has it. */
const GATES = '--feature-gates=+exporter.prometheusremotewritexporter.RetryOn429';

export interface CollectorOptions {
  /** From the root of the repository; by default the main one. */
  readonly files?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** YAML laid over the shipped files. */
  readonly overlay?: string;
}

export interface Collector {
  /** Where apps push to. */
  readonly url: string;
  /** Where functions push to, with collector/serverless.yaml. */
  readonly functionsUrl: string;
  /** Where it shows its own metrics. */
  readonly metricsUrl: string;
  readonly pid: () => number;
  log(): string;
  kill(): Promise<void>;
  /** After kill(), with the same queue and the same ports. */
  restart(): Promise<void>;
  /** Ends it and removes its queue. */
  stop(): Promise<void>;
}

export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'collector-'));
  const ports = await Promise.all(Array.from({ length: 7 }, freePort));
  fs.writeFileSync(path.join(folder, 'ports.yaml'), portsOverlay(ports, options.files ?? []));
  fs.writeFileSync(path.join(folder, 'overlay.yaml'), options.overlay ?? '{}');
  let log = '';
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawnIn(folder, options);
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
    await until(
      () => ended(child!) || answers(`http://127.0.0.1:${ports[4]}`),
      () => `the collector does not answer\n${log}`,
    );
    if (ended(child)) throw new Error(`the collector ended\n${log}`);
  };
  const kill = (signal: NodeJS.Signals) => async (): Promise<void> => {
    if (!child || ended(child)) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const stop = async (): Promise<void> => {
    await kill('SIGKILL')();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  await start().catch(async (thrown: unknown) => {
    await stop();
    throw thrown;
  });
  return {
    url: `http://127.0.0.1:${ports[0]}`,
    functionsUrl: `http://127.0.0.1:${ports[5]}`,
    metricsUrl: `http://127.0.0.1:${ports[3]}/metrics`,
    pid: () => child!.pid!,
    log: () => log,
    kill: kill('SIGKILL'),
    restart: start,
    stop,
  };
}

const ended = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function spawnIn(folder: string, { files = [MAIN], env }: CollectorOptions): ChildProcess {
  const program = process.env['TEST_OTELCOL'];
  if (program === undefined) throw new Error('TEST_OTELCOL is not set: run `npm run test:go`');
  const configs = [...files.map((file) => path.join(root, file)), path.join(folder, 'ports.yaml'), path.join(folder, 'overlay.yaml')];
  return spawn(program, [GATES, ...configs.flatMap((file) => ['--config', file])], {
    env: { PATH: process.env['PATH'], OTELCOL_HOST: '127.0.0.1', OTELCOL_QUEUE_FOLDER: path.join(folder, 'queue'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function portsOverlay([http, grpc, queued, metrics, health, functions, serial]: readonly number[], files: readonly string[]): string {
  const soon = 'retry_on_failure: { initial_interval: 100ms, max_interval: 500ms }';
  const cloud = files.some((file) => file.includes('grafana-cloud'));
  const serverless = files.some((file) => file.includes('serverless'));
  const at = (port?: number): string => `{ protocols: { http: { endpoint: '127.0.0.1:${port}' } } }`;
  return `
receivers:
  otlp: { protocols: { http: { endpoint: '127.0.0.1:${http}' }, grpc: { endpoint: '127.0.0.1:${grpc}' } } }
  ${cloud ? '' : `otlp/queued: ${at(queued)}`}
  ${serverless ? `otlp/functions: ${at(functions)}\n  otlp/one_by_one: ${at(serial)}` : ''}
exporters:
  ${cloud ? `otlp_http: { ${soon} }` : `otlp_http/queue: { endpoint: 'http://127.0.0.1:${queued}', timeout: 3s, ${soon} }`}
  ${serverless ? `otlp_http/one_by_one: { endpoint: 'http://127.0.0.1:${serial}', ${soon} }` : ''}
${serverless ? 'processors: { interval: { interval: 1s } }' : ''}
extensions:
  health_check: { endpoint: '127.0.0.1:${health}' }
service:
  telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus: { host: 127.0.0.1, port: ${metrics} } } } }] } }
`;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
