// cache_hits_total, cache_misses_total and cache_size_bytes against a real Redis of their own.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type Redis as Server } from '@earntrack/local-servers';
import Redis from 'ioredis';
import { startApp, type App, type AppOptions } from '../support/app';
import { scrape, scrapeUntil, seriesOf, type Samples } from '../support/exposition';

const clients = [
  { name: 'ioredis 4', program: 'cache-app.js', folder: 'redis4' },
  { name: 'ioredis 5', program: 'cache-app.js', folder: 'redis5' },
  { name: 'ioredis 6', program: 'cache-app.js', folder: '.' },
  { name: 'ioredis 6 in an ES module', program: 'cache-app.mjs', folder: '.' },
];

/** `type: [hits, misses]`, of every type that is exposed. */
type Ledger = Record<string, readonly [hits: number, misses: number]>;

function ledgerOf(samples: Samples): Ledger {
  const hits = seriesOf(samples, 'cache_hits_total');
  const misses = seriesOf(samples, 'cache_misses_total');
  deepEqual(Object.keys(hits).toSorted(), Object.keys(misses).toSorted());
  const types = Object.keys(hits).toSorted();
  return Object.fromEntries(types.map((labels) => [/"(.*)"/.exec(labels)![1]!, [hits[labels]!, misses[labels]!]]));
}

const total = (values: Record<string, number>): number => Object.values(values).reduce((sum, value) => sum + value, 0);

const SIZE = 'cache_size_bytes{cache_type="redis"}';

describe('Reads from Redis', () => {
  let server: Server;
  let admin: Redis;

  before(async () => {
    server = await startRedis({ fresh: true });
    admin = new Redis(server.url);
  });
  after(async () => {
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    await admin.config('RESETSTAT');
  });

  /** Made in the server: a value that is sent also fills the buffers of its connection for a while. */
  const fill = (redis: Redis, bytes: number): Promise<unknown> => redis.eval("redis.call('SET', 'big:1', string.rep('x', ARGV[1]))", 0, bytes);

  async function withApp<T>(program: string, args: readonly string[], look: (app: App) => Promise<T>, options: AppOptions = {}): Promise<T> {
    const app = await startApp(program, { ...options, args, env: { REDIS_URL: server.url, ...options.env } });
    try {
      return await look(app);
    } finally {
      await app.stop();
    }
  }
  const ledgerAfter = (program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ledger> =>
    withApp(program, args, async ({ port }) => ledgerOf(await scrape(port)), { env });

  async function memoryOf(redis: Redis): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
  }

  for (const { name, program, folder } of clients) {
    describe(`through ${name}`, () => {
      it('are hits and misses exactly as the server counts them, for GET and MGET of string keys', async () => {
        const samples = await withApp(program, ['strings', folder], ({ port }) => scrape(port));
        const stats = await admin.info('stats');
        const counted = (what: string): number => Number(new RegExp(`keyspace_${what}:(\\d+)`).exec(stats)![1]);
        equal(total(seriesOf(samples, 'cache_hits_total')), counted('hits'));
        equal(total(seriesOf(samples, 'cache_misses_total')), counted('misses'));
        ok(counted('hits') > 100 && counted('misses') > 50);
        deepEqual(Object.keys(ledgerOf(samples)), ['rate-limit', 'session', 'user']);
      });

      it('count hash fields one by one, and a whole hash once', async () => {
        deepEqual(await ledgerAfter(program, ['hashes', folder]), { profile: [4, 4] });
      });

      it('are told apart by what stands before the first colon, behind the keyPrefix, and never by an id', async () => {
        deepEqual(await ledgerAfter(program, ['keys', folder]), {
          avatar: [0, 1],
          called: [0, 1],
          cart: [0, 2],
          other: [0, 3],
          shop: [1, 0],
          user: [2, 0],
        });
      });

      it('in transactions count when EXEC brings their values, and not at all when it brings none', async () => {
        deepEqual(await ledgerAfter(program, ['transactions', folder]), {
          after: [0, 1],
          mixed: [0, 1],
          step: [1, 1],
          tx: [3, 1],
        });
      });

      it('that waited offline, or were sent again after the connection broke, count once', async () => {
        deepEqual(await ledgerAfter(program, ['offline', folder]), { alone: [0, 2], early: [0, 3], resent: [0, 1], waited: [0, 1] });
      });

      it('lead to the memory that their server uses, also while the app blocks its connection', async () => {
        await fill(admin, 5_000_000);
        await withApp(program, ['blocked', folder], async ({ port }) => {
          const samples = await scrapeUntil(port, (seen) => seen.has(SIZE));
          ok(Math.abs(samples.get(SIZE)! - (await memoryOf(admin))) < 1_000_000);
        });
      });

      // ioredis 4 has a timer of its own that keeps a process alive whose connection does not.
      for (const scenario of folder === 'redis4' ? ['ends'] : ['ends', 'unrefs']) {
        it(`leave the process free to end (${scenario})`, async () => {
          const look = async (app: App): Promise<void> => {
            deepEqual(await app.exited, { code: 0, signal: null });
            equal(app.stderr(), '');
          };
          await withApp(program, [scenario, folder], look, { silent: true });
        });
      }

      it('leave no connection behind when the app closes its own', async () => {
        await withApp(program, ['quits', folder], async ({ port }) => {
          while (String(await admin.client('LIST')).includes('name=otel-preload')) await sleep(20);
          equal((await scrape(port)).has(SIZE), false);
        });
      });

      it('leave the size out, and say so once, when the server will not tell it', async () => {
        await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-info');
        const { port: serverPort } = new URL(server.url);
        const env = { REDIS_URL: `redis://app:secret@127.0.0.1:${serverPort}` };
        await withApp(
          program,
          ['denied', folder],
          async (app) => {
            while (app.log().length === 0) await sleep(20);
            const samples = await scrape(app.port);
            equal(samples.has(SIZE), false);
            deepEqual(ledgerOf(samples), { user: [0, 1] });
            equal(app.log().length, 1);
            match(app.log()[0]!, /cache_size_bytes .*NOPERM.*INFO/);
            equal(app.log()[0]!.includes('secret'), false);
          },
          { env },
        );
      });
    });
  }

  it('from several servers add their memory up, each server once; without one of them the size is left out', async () => {
    const other = await startRedis({ fresh: true });
    const otherAdmin = new Redis(other.url);
    otherAdmin.on('error', () => undefined);
    try {
      await fill(admin, 20_000_000);
      await fill(otherAdmin, 10_000_000);
      const both = (await memoryOf(admin)) + (await memoryOf(otherAdmin));
      const env = { OTHER_REDIS_URL: other.url };
      await withApp(
        'cache-app.js',
        ['servers'],
        async ({ port }) => {
          const samples = await scrapeUntil(port, (seen) => seen.has(SIZE));
          ok(Math.abs(samples.get(SIZE)! - both) < 3_000_000, `${samples.get(SIZE)} is not near ${both}`);
          otherAdmin.disconnect();
          await other.stop();
          await scrapeUntil(port, (seen) => !seen.has(SIZE));
        },
        { env },
      );
    } finally {
      otherAdmin.disconnect();
      await other.stop();
    }
  });

  it('are told apart only as far as CACHE_TYPES says', async () => {
    deepEqual(await ledgerAfter('cache-app.js', ['keys'], { CACHE_TYPES: 'user,cart' }), { cart: [0, 2], other: [1, 5], user: [2, 0] });
  });

  it('are counted under other once there are METRICS_MAX_CACHE_TYPES types', async () => {
    deepEqual(await ledgerAfter('cache-app.js', ['keys'], { METRICS_MAX_CACHE_TYPES: '2' }), { cart: [0, 2], other: [1, 5], user: [2, 0] });
  });

  it('are not looked at with METRICS_DISABLE=cache', async () => {
    const samples = await withApp('cache-app.js', ['keys'], ({ port }) => scrape(port), { env: { METRICS_DISABLE: 'cache' } });
    deepEqual(
      [...samples.keys()].filter((series) => series.startsWith('cache_')),
      [],
    );
  });
});
