// Waits for what a program does by itself, after a while: opening a port, saying a line.

import http from 'node:http';
import type { App } from './app';
import { until } from './until';

const PATIENCE_MS = 30_000;

/** Waits until something answers HTTP on the port of loopback. */
export async function answers(port: number, path = '/'): Promise<number> {
  await until(
    async () => (await text(port, path).catch(() => undefined)) !== undefined,
    () => `nothing answers on port ${port}`,
    PATIENCE_MS,
  );
  return port;
}

/** Waits until the preload in `app` has said a line. */
export async function logged(app: App, line: RegExp): Promise<void> {
  await until(
    async () => app.log().some((each) => line.test(each)),
    () => `${line} was not said in:\n${app.stderr()}`,
    PATIENCE_MS,
  );
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. Rejects if nobody listens. */
export function ask(port: number, path: string, options: http.RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
      response.on('error', reject);
    });
    request.on('error', reject).end();
  });
}

export async function text(port: number, path: string): Promise<string> {
  return (await ask(port, path)).body;
}
