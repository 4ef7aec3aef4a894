// A real Redis: the server in REDIS_URL, else a server of our own, empty, without persistence.
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { debianProgram } from './debian-packages';
import { dockerAnswers, pullImage } from './docker';
import { onFreePort } from './free-port';
import { onPath } from './program';
import { startServer } from './server-process';
import { ServerUnavailable } from './server-unavailable';
import { WatchedFolder } from './watched-folder';

export interface RedisOptions {
  /** Start a server of our own even if REDIS_URL is set. */
  fresh?: boolean;
  /** Further lines for the configuration of a server of our own. */
  configuration?: string;
  /** Receives a line about each slow step, such as a download. */
  say?: (line: string) => void;
}

export interface Redis {
  /** `redis://:password@host:port` */
  readonly url: string;
  /** False for the server in REDIS_URL, which is neither stopped nor flushed. */
  readonly owned: boolean;
  /** Ends our server and removes its folder; does nothing to another's. Safe to call twice. */
  stop(): Promise<void>;
}

const IMAGE = 'redis:7-alpine';

/**
 * A running Redis on this machine: `REDIS_URL`, else `redis-server` or `valkey-server` on PATH, else the system's package unpacked into the
 * cache folder, else Docker.
 *
 * @throws {ServerUnavailable} if none of these is to be had, or REDIS_URL does not answer
 */
export async function startRedis({ fresh = false, configuration = '', say = () => {} }: RedisOptions = {}): Promise<Redis> {
  const given = process.env.REDIS_URL;
  if (given && !fresh) return useGiven(given);
  const program = await redisProgram(say);
  return onFreePort((port) => startOwn(program(port), port, configuration));
}

async function startOwn({ command, args, listen }: RedisCommand, port: number, more: string): Promise<Redis> {
  const folder = WatchedFolder.create('redis');
  const password = crypto.randomBytes(12).toString('hex');
  const input = path.join(folder.path, 'redis.conf');
  await fs.promises.writeFile(input, baseConfiguration(listen, password) + more);
  const ready = (): Promise<boolean> => answers({ host: '127.0.0.1', port }, `AUTH ${password}\r\nPING\r\n`, '+PONG');
  const stop = await startServer({ command, args, input, folder, stopSignal: 'SIGTERM', ready });
  return { url: `redis://:${password}@127.0.0.1:${port}`, owned: true, stop };
}

async function useGiven(url: string): Promise<Redis> {
  if (!URL.canParse(url)) throw new ServerUnavailable('REDIS_URL is not an address like redis://host:6379; mend it, or unset it');
  const { hostname, port } = new URL(url);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  if (await answers(address, '', '')) return { url, owned: false, stop: async () => {} };
  throw new ServerUnavailable(`REDIS_URL is set, but nothing answers at ${hostname}:${address.port}; start it, or unset it`);
}

interface RedisCommand {
  command: string;
  args: string[];
  /** The lines of the server's listening address, as the server sees its network. */
  listen: string;
}

async function redisProgram(say: (line: string) => void): Promise<(port: number) => RedisCommand> {
  let why = '';
  const packaged = (): Promise<string | undefined> =>
    debianProgram('redis-server', 'redis-server', say).catch((thrown: Error) => void (why = ` (${thrown.message})`));
  const command = (await onPath('redis-server')) ?? (await onPath('valkey-server')) ?? (await packaged());
  if (command) return (port) => ({ command, args: ['-'], listen: `bind 127.0.0.1\nport ${port}\n` });
  if (!(await dockerAnswers())) throw new ServerUnavailable(remedy(why));
  await pullImage(IMAGE, say);
  const args = (port: number): string[] => ['run', '--rm', '-i', '-p', `127.0.0.1:${port}:6379`, IMAGE, 'redis-server', '-'];
  return (port) => ({ command: 'docker', args: args(port), listen: 'bind 0.0.0.0\nport 6379\n' });
}

function remedy(why: string): string {
  const install = process.platform === 'darwin' ? '`brew install redis`' : 'install redis-server or valkey-server';
  return `no Redis: no REDIS_URL, no redis-server or valkey-server on PATH, no package through apt${why}, no Docker engine. Remedy: ${install}, or set REDIS_URL`;
}

/** A password, because every user of this machine can reach a port on loopback; read from a file, because they can read arguments too. */
function baseConfiguration(listen: string, password: string): string {
  return `${listen}requirepass ${password}\nsave ""\nappendonly no\n`;
}

interface Address {
  host: string;
  port: number;
}

/** Whether a connection is made and, if something is asked, whether `reply` comes. */
function answers(address: Address, request: string, reply: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ ...address, timeout: 5_000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    let received = '';
    socket.on('connect', () => (reply === '' ? end(true) : socket.write(request)));
    socket.on('data', (chunk) => (received += chunk.toString()).includes(reply) && end(true));
    for (const event of ['error', 'timeout', 'close']) socket.on(event, () => end(false));
  });
}
