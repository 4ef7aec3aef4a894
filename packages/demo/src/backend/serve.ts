// Runs the API, its worker and its timer, and ends them in order when the process is asked to go.

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportActiveUsers } from './jobs/active-users';
import { startWorker } from './jobs/worker';
import { closeServices, type Services } from './services';

export interface Running {
  readonly port: number;
  readonly server: Server;
  /** Finishes all running work, and ends everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** A longer request or job is cut off. */
const PATIENCE_MS = 10_000;

/** @throws if the port cannot be had */
export async function serve(app: RequestListener, services: Services, port: number): Promise<Running> {
  const server = createServer(app);
  server.listen(port);
  await once(server, 'listening');
  services.live.attach(server);
  const worker = startWorker(services);
  const stopTimer = reportActiveUsers(services.database);

  const end = async (): Promise<void> => {
    stopTimer();
    await Promise.all([closeServer(server), services.live.close(), worker?.close()]);
    await closeServices(services);
  };
  let ended: Promise<void> | undefined;
  return { port: (server.address() as AddressInfo).port, server, stop: () => (ended ??= end()) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // A client that keeps asking over an old connection would never let the server end.
  server.prependListener('request', (_request, response) => void response.setHeader('connection', 'close'));
  await closed;
}

/** SIGTERM and SIGINT stop the backend; work that does not end in time is ended. */
export function stopOnSignals(running: Running): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), PATIENCE_MS).unref();
      running.stop().catch((error: Error) => {
        console.error(`stopping: ${error.message}`);
        process.exitCode = 1;
      });
    });
  }
}
