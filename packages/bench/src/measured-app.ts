// One run of the measured app under one contender: started on a processor of its own, asked over IPC.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@earntrack/local-servers';
import type { Contender } from './contenders';

export interface MeasuredApp {
  readonly port: number;
  readonly metricsPort: number;
  /** CPU time that the process has used, in µs. */
  usage(): Promise<number>;
  /** Heap in bytes after a collection. */
  heap(): Promise<number>;
  stop(): Promise<void>;
}

/** Environment of the servers that the app talks to. */
export interface Servers {
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
}

export async function startMeasured({ flags = [], env = {} }: Contender, folder: string, servers: Servers, program = './app.cjs'): Promise<MeasuredApp> {
  const metricsPort = await freePort();
  const child = spawn('taskset', ['-c', '0', process.execPath, '--expose-gc', ...flags, program], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort), ...servers, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { port } = await answer(child, 'port');
  const ask = async (question: string): Promise<number> => {
    child.send(question);
    return (await answer(child, question))[question]!;
  };
  return {
    port: port!,
    metricsPort,
    usage: () => ask('usage'),
    heap: () => ask('collect'),
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function answer(child: ChildProcess, key: string): Promise<Record<string, number>> {
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the measured app ended with ${code}`)));
  for (;;) {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [Record<string, number>];
    if (key in message) return message;
  }
}
