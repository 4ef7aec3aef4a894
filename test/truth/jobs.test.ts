// jobs_executed_total, job_duration_ms and job_queue_depth against a real BullMQ.

import { deepEqual, equal } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type Redis as Server } from '@earntrack/local-servers';
import Redis from 'ioredis';
import { startApp, type App } from '../support/app';
import { scrape, scrapeUntil, seriesOf, type Samples } from '../support/exposition';

const versions = [
  { name: 'BullMQ 4', program: 'jobs-app.js', folder: 'redis4' },
  { name: 'BullMQ 5', program: 'jobs-app.js', folder: 'redis5' },
  { name: 'BullMQ 6', program: 'jobs-app.js', folder: '.' },
  { name: 'BullMQ 6 in an ES module', program: 'jobs-app.mjs', folder: '.' },
];

/** `type: [completed, failed, attempts]`, of every type that is exposed. */
type Ledger = Record<string, readonly [completed: number, failed: number, attempts: number]>;

function ledgerOf(samples: Samples): Ledger {
  const executed = seriesOf(samples, 'jobs_executed_total');
  const attempts = seriesOf(samples, 'job_duration_ms_count');
  const types = new Set(Object.keys(executed).map((labels) => /job_type="(.*?)"/.exec(labels)![1]!));
  const count = (type: string, status: string): number => executed[`job_type="${type}",status="${status}"`]!;
  return Object.fromEntries([...types].map((type) => [type, [count(type, 'completed'), count(type, 'failed'), attempts[`job_type="${type}"`] ?? 0]]));
}

function depthOf(samples: Samples): Record<string, number> {
  const depth = seriesOf(samples, 'job_queue_depth');
  return Object.fromEntries(Object.entries(depth).map(([labels, value]) => [/^queue="mail",state="(.*)"$/.exec(labels)![1]!, value]));
}

describe('Jobs', () => {
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
  beforeEach(() => admin.flushall());

  async function withApp<T>(program: string, args: readonly string[], look: (app: App) => Promise<T>, silent = false): Promise<T> {
    const app = await startApp(program, { args, env: { REDIS_URL: server.url }, silent });
    try {
      return await look(app);
    } finally {
      await app.stop();
    }
  }

  for (const { name, program, folder } of versions) {
    describe(`of ${name}`, () => {
      it('count once, when they end: failed only when no attempt follows', async () => {
        await withApp(program, ['ends', folder], async (app) => {
          const samples = await scrape(app.port);
          deepEqual(ledgerOf(samples), {
            sends: [2, 0, 2],
            slow: [1, 0, 1],
            flaky: [1, 0, 3],
            breaks: [0, 3, 6],
            refuses: [0, 1, 1],
            limited: [1, 0, 1],
            moves: [1, 0, 1],
            mail: [1, 0, 1],
          });
          equal(samples.get('job_duration_ms_bucket{job_type="slow",le="100"}'), 0);
        });
      });

      it('agree with the counts that BullMQ keeps, beside one completed and one failed that it removed', async () => {
        await withApp(program, ['ends', folder], async (app) => {
          const counts = JSON.parse(await app.said('counts')) as { completed: number; failed: number };
          const ended = Object.entries(seriesOf(await scrape(app.port), 'jobs_executed_total'));
          const sum = (status: string): number => ended.filter(([labels]) => labels.includes(status)).reduce((all, [, value]) => all + value, 0);
          deepEqual([sum('completed'), sum('failed')], [counts.completed + 1, counts.failed + 1]);
        });
      });

      it('are no reads of a cache, whatever the prefix of their keys', async () => {
        await withApp(program, ['ends', folder], async ({ port }) => {
          deepEqual(seriesOf(await scrape(port), 'cache_misses_total'), {});
        });
      });

      it('in a sandbox count like others', async () => {
        await withApp(program, ['sandboxed', folder], async ({ port }) => {
          const done = (samples: Samples): boolean => ledgerOf(samples)['breaks']?.[1] === 1;
          deepEqual(ledgerOf(await scrapeUntil(port, done)), { sends: [2, 0, 2], breaks: [0, 1, 1] });
        });
      });

      it('that another process left behind fail without an attempt of ours', async () => {
        await withApp(program, ['takes', folder], async () => {});
        await withApp(program, ['stalled', folder], async ({ port }) => {
          const done = (samples: Samples): boolean => ledgerOf(samples)['stalls']?.[1] === 1;
          deepEqual(ledgerOf(await scrapeUntil(port, done)), { stalls: [0, 1, 0] });
        });
      });

      it('lie in queues whose depth is known by state', async () => {
        await withApp(program, ['depth', folder], async ({ port }) => {
          // The first question may come before the first job has failed; the next follows after 15 s.
          let depth = depthOf(await scrape(port));
          while (depth['failed'] !== 1) {
            await sleep(50);
            depth = depthOf(await scrape(port));
          }
          deepEqual(depth, { waiting: 2, active: 1, delayed: 2, prioritized: 0, failed: 1 });
        });
      });

      it('leave the process free to end when the app closes its worker', async () => {
        const look = async (app: App): Promise<void> => {
          deepEqual(await app.exited, { code: 0, signal: null });
          equal(app.stderr(), '');
        };
        await withApp(program, ['closes', folder], look, true);
      });
    });
  }
});
