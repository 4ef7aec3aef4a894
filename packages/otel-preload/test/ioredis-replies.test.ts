// What replies say of reads, in shapes that a server alone does not bring about: retries by a cluster, and other wrappers.

import { deepEqual, equal } from 'node:assert/strict';
import { CacheCounts } from '../src/cache/cache-counts';
import type { RedisClient, RedisCluster, RedisCommand } from '../src/hooks/ioredis/client';
import { QueueKeys } from '../src/jobs/queue-keys';
import { ReplyWatch } from '../src/hooks/ioredis/reply-watch';
import { said } from './instruments-rig';

const QUEUED = Buffer.from('QUEUED');
const OK = Buffer.from('OK');

function watching() {
  const counts = new CacheCounts({ only: undefined, admit: (type) => type }, new QueueKeys());
  const clients = new Set<unknown>();
  const watch = new ReplyWatch(counts, { add: (client) => clients.add(client), remove: (client) => clients.delete(client) });
  const seen = (): Record<string, number[]> => Object.fromEntries([...counts.entries()].map(([type, { hits, misses }]) => [type, [hits, misses]]));
  return { watch, clients, seen };
}

function clientOf(options: object = {}): RedisClient {
  const ended: (() => void)[] = [];
  return {
    options,
    stream: {},
    once: (_: string, listener: () => void) => ended.push(listener),
    end: () => ended.forEach((listener) => listener()),
  } as unknown as RedisClient;
}

function command(name: string, ...args: unknown[]): RedisCommand & { replies: unknown[] } {
  const replies: unknown[] = [];
  return { name, args, replies, resolve: (reply) => replies.push(reply) };
}

describe('Replies to reads', () => {
  it('reach the app as they were', () => {
    const { watch } = watching();
    const get = command('get', 'user:1');
    watch.sending(clientOf(), get);
    const reply = Buffer.from('x');
    get.resolve(reply);
    equal(get.replies[0], reply);
  });

  it('are understood in whatever casing the command has', () => {
    const { watch, seen } = watching();
    for (const name of ['GET', 'get', 'GeT']) {
      const get = command(name, 'user:1');
      watch.sending(clientOf(), get);
      get.resolve(null);
    }
    deepEqual(seen(), { user: [0, 3] });
  });

  it('of HGETALL may be flat arrays, objects and maps', () => {
    const { watch, seen } = watching();
    const shapes = [[], ['f', 'v'], {}, { f: 'v' }, new Map(), new Map([['f', 'v']])];
    for (const reply of shapes) {
      const hgetall = command('hgetall', 'user:1');
      watch.sending(clientOf(), hgetall);
      hgetall.resolve(reply);
    }
    deepEqual(seen(), { user: [3, 3] });
  });

  it('count once where a cluster retries a pipeline with new promises', () => {
    const { watch, seen } = watching();
    const get = command('get', 'user:1');
    const resolve = get.resolve;
    watch.sending(clientOf(), get);
    get.resolve(OK);
    get.resolve = resolve;
    watch.sending(clientOf(), get);
    get.resolve(OK);
    deepEqual(seen(), { user: [1, 0] });
  });

  it('know the keyPrefix of the cluster, which its nodes do not', () => {
    const { watch, clients, seen } = watching();
    const cluster = clientOf({ keyPrefix: 'app:' }) as unknown as RedisCluster;
    const get = command('get', 'app:user:1');
    watch.routing(cluster, get);
    watch.sending(clientOf(), get);
    get.resolve(null);
    deepEqual(seen(), { user: [0, 1] });
    deepEqual([...clients], [cluster]);
  });

  it('count once where another instrumentation wraps ours and the command is sent again, also in a transaction', () => {
    const { watch, seen } = watching();
    const client = clientOf();
    const commands = [command('multi'), command('get', 'user:1'), command('exec')];
    for (const each of commands) {
      watch.sending(client, each);
      const { resolve } = each;
      each.resolve = (reply) => resolve(reply);
    }
    for (const each of commands) watch.sending(client, each);
    commands[0]!.resolve(OK);
    commands[1]!.resolve(QUEUED);
    commands[2]!.resolve([OK]);
    deepEqual(seen(), { user: [1, 0] });
  });

  it('that read QUEUED outside of a transaction are values', () => {
    const { watch, seen } = watching();
    const client = clientOf();
    const get = command('get', 'user:1');
    watch.sending(client, get);
    get.resolve(QUEUED);
    deepEqual(seen(), { user: [1, 0] });
  });

  it('that read QUEUED after the connection broke inside a transaction are values', () => {
    const { watch, seen } = watching();
    const client = clientOf();
    const [multi, get] = [command('multi'), command('get', 'user:1')];
    watch.sending(client, multi);
    multi.resolve(OK);
    Object.assign(client, { stream: {} });
    watch.sending(client, get);
    get.resolve(QUEUED);
    deepEqual(seen(), { user: [1, 0] });
  });

  it('never become the fault of the app, whatever the client and the command are', async () => {
    const { watch } = watching();
    const nothing = {} as RedisClient;
    const lines = await said(() => {
      watch.sending(nothing, command('get', 'user:1'));
      watch.sending(nothing, undefined as never);
      watch.routing(nothing as never, undefined as never);
    });
    equal(lines.length, 1);
  });

  it('make their client one to ask for its size, until it has ended', () => {
    const { watch, clients } = watching();
    const client = clientOf() as RedisClient & { end(): void };
    const read = (): unknown => {
      const get = command('get', 'user:1');
      watch.sending(client, get);
      return get.resolve(null);
    };
    const set = command('set', 'user:1');
    watch.sending(client, set);
    set.resolve(OK);
    equal(clients.size, 0);
    read();
    equal(clients.has(client), true);
    client.end();
    equal(clients.size, 0);
    read();
    equal(clients.has(client), true);
  });

  it('of job queues alone make no client one that caches', () => {
    const { watch, clients } = watching();
    const get = command('hgetall', 'bull:mail:1');
    watch.sending(clientOf(), get);
    get.resolve([]);
    equal(clients.size, 0);
  });
});
