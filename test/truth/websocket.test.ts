// websocket_connections_total and websocket_connections_active: what the client opened and closed.

import { deepEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { startApp } from '../support/app';
import { scrape, scrapeUntil, seriesOf, type Samples } from '../support/exposition';

const servers = [
  { name: 'ws 7', program: 'websocket-app.js', folder: 'redis4' },
  { name: 'ws 8', program: 'websocket-app.js', folder: '.' },
  { name: 'ws 8 in an ES module', program: 'websocket-app.mjs', folder: '.' },
];

type Connect = (port: number, path?: string) => Promise<{ close(): void }>;

const open: Connect = async (port, path = '/') => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await once(socket, 'open');
  return socket;
};

const openSocketIo: Connect = async (port) => {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, reconnection: false });
  await new Promise((resolve, reject) => socket.on('connect', () => resolve(undefined)).on('connect_error', reject));
  return socket;
};

async function refused(port: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/refused`);
  await once(socket, 'error');
}

const connections = (samples: Samples): [total: number | undefined, active: number | undefined] => [
  samples.get('websocket_connections_total'),
  samples.get('websocket_connections_active'),
];

/** Six connections, two of which end, and what is exposed after each step. */
async function counts(program: string, args: readonly string[], connect: Connect): Promise<unknown[]> {
  const app = await startApp(program, { args });
  try {
    const before = connections(await scrape(app.port));
    const sockets = await Promise.all([1, 2, 3, 4, 5, 6].map(() => connect(app.port)));
    const between = connections(await scrape(app.port));
    for (const socket of sockets.slice(0, 2)) socket.close();
    const after = connections(await scrapeUntil(app.port, (samples) => samples.get('websocket_connections_active') === 4));
    for (const socket of sockets) socket.close();
    const end = await scrapeUntil(app.port, (samples) => samples.get('websocket_connections_active') === 0);
    return [before, between, after, connections(end), seriesOf(end, 'http_requests_total')];
  } finally {
    await app.stop();
  }
}

const opened = [[0, 0], [6, 6], [6, 4], [6, 0], {}];

describe('WebSocket connections', () => {
  for (const { name, program, folder } of servers) {
    for (const way of ['automatic', 'noServer', 'verified', 'listeners']) {
      it(`to ${name} (${way}) are counted, and counted off when they close; an upgrade is no HTTP request`, async () => {
        deepEqual(await counts(program, [way, folder], open), opened);
      });
    }

    for (const way of ['noServer', 'verified']) {
      it(`that ${name} (${way}) refuses are not counted`, async () => {
        const app = await startApp(program, { args: [way, folder] });
        try {
          await refused(app.port);
          await open(app.port);
          deepEqual(connections(await scrape(app.port)), [1, 1]);
        } finally {
          await app.stop();
        }
      });
    }
  }

  for (const program of ['websocket-app.js', 'websocket-app.mjs']) {
    it(`to socket.io, which has a ws of its own, are counted as others (${program})`, async () => {
      deepEqual(await counts(program, ['socket.io'], openSocketIo), opened);
    });
  }

  it('are not counted with METRICS_DISABLE=websocket', async () => {
    const app = await startApp('websocket-app.js', { args: ['automatic'], env: { METRICS_DISABLE: 'websocket' } });
    try {
      await open(app.port);
      deepEqual(connections(await scrape(app.port)), [undefined, undefined]);
    } finally {
      await app.stop();
    }
  });
});
