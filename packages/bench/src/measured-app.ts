// A run of the measured app under a contender: started on a processor of its own, asked over IPC.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import type { Contender } from './contenders';

export interface MeasuredApp {
  readonly port: number;
  /** CPU time of the process so far, in µs. */
  usage(): Promise<number>;
  /** Heap in bytes after a collection. */
  heap(): Promise<number>;
  /** The longest delay of the app's event loop since the last question, in µs. */
  stall(): Promise<number>;
  stop(): Promise<void>;
}

/** Addresses of the app's servers, as environment. */
export interface Servers {
  readonly DATABASE_URL?: string;
  readonly REDIS_URL?: string;
}

/** Leaves processor 0 to the measured app. If there are more processors, this process and its later children run on those. */
export function leaveProcessor(): void {
  const last = os.cpus().length - 1;
  if (last > 0) execFileSync('taskset', ['-acp', `1-${last}`, String(process.pid)]);
}

export async function startMeasured(
  { flags = [], env = {} }: Contender,
  folder: string,
  servers: Servers,
  program = './app.cjs',
): Promise<MeasuredApp> {
  const child = spawn('taskset', ['-c', '0', process.execPath, '--expose-gc', ...flags, program], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...servers, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { port } = await answer(child, 'port');
  const ask = async (question: string): Promise<number> => {
    child.send(question);
    return (await answer(child, question))[question]!;
  };
  return {
    port: port!,
    usage: () => ask('usage'),
    heap: () => ask('collect'),
    stall: () => ask('stall'),
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** The next message with `key`; rejects if the process ends before. */
function answer(child: ChildProcess, key: string): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the measured app ended with ${code}`));
    const heard = (message: Record<string, number>): void => {
      if (!(key in message)) return;
      child.off('message', heard).off('exit', ended);
      resolve(message);
    };
    child.on('message', heard).on('exit', ended);
  });
}
