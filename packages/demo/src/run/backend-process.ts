// The backend as a process of its own, started with the preload as any application would be.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookRequest, Page } from '../visitors/guest-book';

const PACKAGE = path.join(__dirname, '../../..');
const READY_MS = 20_000;
const STOP_MS = 12_000;
const BOOK_MS = 5_000;

/** Where the backend finds its servers. */
export interface Addresses {
  readonly databaseUrl: string;
  /** undefined: without cache and without jobs. */
  readonly redisUrl: string | undefined;
  readonly redisPrefix: string;
  readonly paymentsUrl?: string;
}

/** The arguments of Node of the README. They work from any folder below which the preload is installed. */
export function backendArguments(entry: string): string[] {
  return ['-r', '@earntrack/otel-preload', path.join(PACKAGE, 'dist/src', entry)];
}

/** What the backend and the preload have to be told: the documented variables. */
export function backendSettings(port: number, { databaseUrl, redisUrl, redisPrefix, paymentsUrl = '' }: Addresses): NodeJS.ProcessEnv {
  return {
    PROMETHEUS_ENABLED: 'true',
    METRICS_PORT: String(port),
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? '',
    REDIS_PREFIX: redisPrefix,
    PAYMENTS_URL: paymentsUrl,
    SAMPLE_DATA: 'true',
  };
}

/** What the shell says of metrics is meant for other programs: the demo shows the defaults. */
function withoutMetricSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(METRICS_|OTEL_|NODE_OPTIONS$)/.test(name)));
}

export class BackendProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #lines: string[] = [];

  /**
   * @param said receives each line of the backend, and of the preload in the backend
   * @param settings further variables of the preload
   */
  constructor(port: number, addresses: Addresses, said: (line: string) => void, settings: NodeJS.ProcessEnv = {}) {
    // Detached: Ctrl-C is for the demo, which ends the backend after reading the last figures. If the demo is killed,
    // the channel closes, and the backend ends by itself.
    this.#child = spawn(process.execPath, backendArguments('faults/main.js'), {
      cwd: PACKAGE,
      env: { ...withoutMetricSettings(process.env), ...backendSettings(port, addresses), ...settings },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines = [...this.#lines.slice(-19), line];
        said(line);
      });
    }
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The last lines of the backend's output. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves when `check` does, asked again and again. @throws with the backend's own words if the backend ends, or takes too long */
  async ready(check: () => Promise<unknown>): Promise<void> {
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const failure = await check().then(
        () => undefined,
        (error: Error) => error,
      );
      if (!failure) return;
      if (this.ended || Date.now() > deadline) throw new Error([`the backend did not start: ${failure.message}`, ...this.#lines].join('\n'));
      await sleep(50);
    }
  }

  /** The backend's own counts. Called once at a time. @throws without an answer */
  async book(request: BookRequest): Promise<Page> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(BOOK_MS) });
    this.#child.send(request, () => {});
    const [page] = (await answer) as [Page];
    return page;
  }

  /** As a crash does: without a chance to say goodbye. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#exited;
    clearTimeout(force);
  }
}
