// The connections that the preload has to Redis beside the app's, by what the servers themselves know of their clients.

import { deepEqual, equal, match } from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { startRedis, type Redis as Server } from '@earntrack/local-servers';
import Redis from 'ioredis';
import { certificates } from '../support/certificates';
import { startApp, type App } from '../support/app';
import { scrapeUntil } from '../support/exposition';

const SIZE = 'cache_size_bytes{cache_type="redis"}';
const DEPTH = 'job_queue_depth{queue="mail",state="waiting"}';
type Way = Record<string, unknown>;

/** What stands before a server: as a proxy with TLS, as a socket of Unix, or as one that falls silent or cuts a connection. */
class Door {
  opened = 0;
  open = 0;
  most = 0;
  readonly #server: net.Server;

  constructor(
    port: number,
    readonly listening: string | number,
    { secure = false, silentFrom = Infinity, cut = 0 } = {},
  ) {
    const come = (socket: net.Socket): void => {
      this.opened += 1;
      this.most = Math.max(this.most, (this.open += 1));
      socket.on('close', () => (this.open -= 1)).on('error', () => {});
      if (this.opened === cut) socket.destroy();
      else if (this.opened < silentFrom) socket.pipe(net.connect(port, '127.0.0.1').on('error', () => {})).pipe(socket);
      else socket.resume();
    };
    const files = certificates();
    const keys = { cert: fs.readFileSync(files.server), key: fs.readFileSync(files.serverKey) };
    this.#server = (secure ? tls.createServer(keys, come) : net.createServer(come)).listen(listening);
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }
}

/** Knows one master, and no other sentinel. */
function sentinel(port: number): net.Server {
  const reply = (command: string): string => {
    if (command.includes('get-master-addr-by-name')) return `*2\r\n$9\r\n127.0.0.1\r\n$${String(port).length}\r\n${port}\r\n`;
    return command.includes('sentinels') ? '*0\r\n' : '+OK\r\n';
  };
  return net.createServer((socket) => {
    socket.on('data', (chunk) => {
      for (const command of String(chunk).split(/^\*/m).slice(1))
        socket.write(command.toLowerCase().includes('hello') ? '-ERR unknown command HELLO\r\n' : reply(command));
    });
    socket.on('error', () => {});
  });
}

describe('Connections of ours to Redis', () => {
  let server: Server;
  let node: Server;
  let admin: Redis;
  let clusterAdmin: Redis;
  let at: { host: string; port: number; password: string };
  const closing: { close(): unknown }[] = [];

  before(async () => {
    [server, node] = await Promise.all([
      startRedis({ fresh: true }),
      startRedis({ fresh: true, configuration: 'cluster-enabled yes\ncluster-announce-ip 127.0.0.1\n' }),
    ]);
    [admin, clusterAdmin] = [new Redis(server.url), new Redis(node.url)];
    const { hostname: host, port, password } = new URL(server.url);
    at = { host, port: Number(port), password };
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all');
    await clusterAdmin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!String(await clusterAdmin.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50);
  });
  after(async () => {
    for (const each of closing) each.close();
    for (const redis of [admin, clusterAdmin]) redis.disconnect();
    await Promise.all([server.stop(), node.stop()]);
  });

  function door(port: number, listening: string | number, options = {}): Door {
    const made = new Door(port, listening, options);
    closing.push(made);
    return made;
  }

  const names = async (redis: Redis): Promise<string[]> =>
    String(await redis.client('LIST'))
      .match(/ name=\S*/g)!
      .map((name) => name.slice(6));
  const ours = async (redis: Redis): Promise<number> => (await names(redis)).filter((name) => name === 'otel-preload').length;

  async function withApp(ways: readonly Way[], args: readonly string[], look: (app: App) => Promise<void>): Promise<void> {
    const app = await startApp('redis-ways.js', { args, env: { WAYS: JSON.stringify(ways) } });
    try {
      await look(app);
    } finally {
      await app.stop();
    }
  }

  async function quit(app: App): Promise<void> {
    await fetch(`http://127.0.0.1:${app.port}/quit`);
    deepEqual(await app.exited, { code: 0, signal: null });
  }

  const ways: Record<string, () => Way[]> = {
    'by address, with several clients, users and databases': () => [at, { ...at, db: 3 }, { ...at, username: 'app', password: 'secret' }, at],
    'by a socket of Unix': () => {
      const socket = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'redis-')), 'redis.sock');
      door(at.port, socket);
      return [{ path: socket, password: at.password }];
    },
    'by TLS, as a user': () => {
      const ca = fs.readFileSync(certificates().ca, 'utf8');
      return [{ host: '127.0.0.1', port: door(at.port, 0, { secure: true }).port, username: 'app', password: 'secret', tls: { ca } }];
    },
    'by a sentinel': () => {
      const listening = sentinel(at.port).listen(0);
      closing.push(listening);
      const { port } = listening.address() as net.AddressInfo;
      return [{ sentinels: [{ host: '127.0.0.1', port }], name: 'main', password: at.password }];
    },
    'by a cluster': () => {
      const { port, password } = new URL(node.url);
      return [{ cluster: [{ host: '127.0.0.1', port: Number(port) }], redisOptions: { password } }];
    },
  };

  for (const [name, waysOf] of Object.entries(ways)) {
    it(`are one a server, and end with the app's: ${name}`, async () => {
      const queue = name.includes('several') ? ['queue'] : [];
      const redis = name.includes('cluster') ? clusterAdmin : admin;
      await withApp(waysOf(), queue, async (app) => {
        await scrapeUntil(app.port, (seen) => seen.has(SIZE) && (queue.length === 0 || seen.has(DEPTH)));
        equal(await ours(redis), 1);
        await quit(app);
        equal(app.stderr(), '');
        while ((await ours(redis)) > 0) await sleep(20);
      });
    });
  }

  it('are none beside a client that only looks like one of ioredis, whose queues are left out, and said so once', async () => {
    await withApp([at], ['wrapper'], async (app) => {
      while (app.log().length === 0) await sleep(20);
      await scrapeUntil(app.port, (seen) => seen.has(SIZE));
      deepEqual((await names(admin)).toSorted(), ['', '', '', '', 'otel-preload']);
      await quit(app);
      equal(app.log().length, 1);
      match(app.log()[0]!, /job_queue_depth .* ioredis/);
    });
  });

  it('are given up before the next is tried, when a server accepts and never answers', async () => {
    const silent = door(at.port, 0, { silentFrom: 2 });
    await withApp([{ ...at, port: silent.port }], [], async (app) => {
      while (app.log().length === 0) await sleep(20);
      match(app.log()[0]!, /cache_size_bytes .*no answer within 2000 ms/);
      deepEqual([silent.opened, silent.most, silent.open], [3, 2, 1]);
    });
  });

  it('are opened anew without a word when a failure passes', async () => {
    const cutting = door(at.port, 0, { cut: 2 });
    await withApp([{ ...at, port: cutting.port }], [], async (app) => {
      await scrapeUntil(app.port, (seen) => seen.has(SIZE));
      deepEqual([cutting.opened, cutting.open], [3, 2]);
      equal(app.stderr(), '');
    });
  });

  it('end without a word when the app closes its client while they ask', async () => {
    const silent = door(at.port, 0, { silentFrom: 2 });
    await withApp([{ ...at, port: silent.port }], [], async (app) => {
      while (silent.opened < 2) await sleep(5);
      await quit(app);
      equal(app.stderr(), '');
    });
  });
});
