import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../src/catalogue';
import { runtime } from '../src/catalogue/runtime';
import { watchRuntime } from '../src/runtime';
import { rig } from './instruments-rig';

const { instruments, lines, text } = rig();
const value = async (series: string): Promise<number> => {
  const [line] = await lines(`${series} `);
  assert.ok(line, `${series} is shown`);
  return Number(line.split(' ').at(-1));
};

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < expected / 2, `${actual} and ${expected}`);
}

/** Keeps the event loop busy. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('Runtime metrics', () => {
  before(() => watchRuntime(instruments, { disabled: new Set() }));

  it('are all there, on Linux, once there was something to see', async () => {
    const server = createServer().listen(0);
    global.gc?.();
    for (let index = 0; index < 2e6; index += 1) String(index).repeat(2);
    await sleep(120);
    const shown = await text();
    server.close();
    // Requests of libuv come and go within a turn of the loop.
    const missing = Object.keys(runtime).filter((name) => name !== 'nodejs_active_requests' && !shown.includes(`# TYPE ${name} `));
    assert.deepEqual(missing, []);
  });

  it('tell what the operating system tells', async () => {
    const status = execFileSync('cat', [`/proc/${process.pid}/status`], { encoding: 'utf8' });
    const kilobytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)![1]);
    near(await value('process_resident_memory_bytes'), kilobytes('VmRSS') * 1024);
    near(await value('process_virtual_memory_bytes'), kilobytes('VmSize') * 1024);
    near(await value('process_heap_bytes'), kilobytes('VmData') * 1024);
    assert.equal(await value('process_max_fds'), Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })));
  });

  it('name the start of the process, not that of the preload', async () => {
    const started = Date.now() / 1000 - process.uptime();
    assert.ok(Math.abs((await value('process_start_time_seconds')) - started) < 1, `${started}`);
  });

  it('count open files', async () => {
    const before = await value('process_open_fds');
    const servers = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise<ReturnType<typeof createServer>>((resolve) => {
            const server = createServer().listen(0, () => resolve(server));
          }),
      ),
    );
    assert.equal(await value('process_open_fds'), before + 3);
    assert.ok((await value('nodejs_active_handles{type="Server"}')) >= 3);
    assert.ok((await value('nodejs_active_resources{type="TCPServerWrap"}')) >= 3);
    for (const server of servers) server.close();
  });

  it('count CPU time as it is spent', async () => {
    const before = await value('process_cpu_seconds_total');
    const start = process.cpuUsage();
    const used = (): number => process.cpuUsage(start).user + process.cpuUsage(start).system;
    while (used() < 100_000);
    assert.ok((await value('process_cpu_seconds_total')) >= before + 0.1);
    const parts = (await value('process_cpu_user_seconds_total')) + (await value('process_cpu_system_seconds_total'));
    assert.ok(Math.abs(parts - (await value('process_cpu_seconds_total'))) < 1);
  });

  it('show a stall of the event loop to every scraper, and go on showing it', async () => {
    await sleep(120);
    block(300);
    await sleep(120);
    for (let scraper = 0; scraper < 3; scraper += 1) {
      const longest = await value('nodejs_eventloop_lag_max_seconds');
      assert.ok(longest > 0.24, `${longest} s`);
    }
  });

  it('have no lag where there is none: the sampling period is taken off', async () => {
    // In a process of its own, since this one is busy with tests.
    const program = `
      const { createTelemetry } = require(${JSON.stringify(require.resolve('../src/telemetry'))});
      const { watchRuntime } = require(${JSON.stringify(require.resolve('../src/runtime'))});
      const labelCaps = { endpoint: 1, table: 1, job_type: 1, cache_type: 1, error_type: 1, rest: 100 };
      const config = { disabled: new Set(), boundaries: {}, slowQueryMs: 100, labelCaps, resource: {} };
      const { instruments, scrape } = createTelemetry(config, '1');
      watchRuntime(instruments, config);
      const wakings = () => Number(/^voluntary_ctxt_switches:\\s+(\\d+)/m.exec(require('node:fs').readFileSync('/proc/self/status', 'utf8'))[1]);
      setTimeout(() => { const before = wakings(); setTimeout(() => console.log('wakings ' + (wakings() - before)), 1000).unref(); }, 100).unref();
      if (process.argv[1] === 'scrape') setTimeout(async () => { for await (const chunk of (await scrape()).chunks) process.stdout.write(chunk); }, 1500);`;
    const shown = execFileSync(process.execPath, ['-e', program, 'scrape'], { encoding: 'utf8' });
    const median = Number(/^nodejs_eventloop_lag_p50_seconds (.*)$/m.exec(shown)![1]);
    assert.ok(median < 0.03, `${median} s, of which the period would be 0.05`);
    // At rest: a hundred a second are half a percent of a core.
    const wakings = Number(/^wakings (\d+)$/m.exec(shown)![1]);
    assert.ok(wakings < 50, `${wakings} in a second`);
    // And nothing of it keeps a process alive: without work this one ends by itself.
    execFileSync(process.execPath, ['-e', program], { timeout: 10_000 });
  });

  it('name the version of Node.js', async () => {
    const [major, minor, patch] = process.versions.node.split('.');
    assert.equal(await value(`nodejs_version_info{version="${process.version}",major="${major}",minor="${minor}",patch="${patch}"}`), 1);
  });

  it('are left out by family', async () => {
    const disabled = new Set(['nodejs', 'process'] as const);
    const without = rig({ disabled });
    watchRuntime(without.instruments, { disabled });
    assert.deepEqual(await without.lines('nodejs'), []);
    assert.deepEqual(await without.lines('process'), []);
  });
});

describe("prom-client's default metrics", () => {
  // Names of prom-client 15.1.3's collectDefaultMetrics(), without the three nodejs_active_*_total.
  const NAMES = `process_cpu_user_seconds_total process_cpu_system_seconds_total process_cpu_seconds_total process_start_time_seconds
    process_resident_memory_bytes process_virtual_memory_bytes process_heap_bytes process_open_fds process_max_fds
    nodejs_eventloop_lag_seconds nodejs_eventloop_lag_min_seconds nodejs_eventloop_lag_max_seconds nodejs_eventloop_lag_mean_seconds
    nodejs_eventloop_lag_stddev_seconds nodejs_eventloop_lag_p50_seconds nodejs_eventloop_lag_p90_seconds nodejs_eventloop_lag_p99_seconds
    nodejs_active_resources nodejs_active_handles nodejs_active_requests nodejs_heap_size_total_bytes nodejs_heap_size_used_bytes
    nodejs_external_memory_bytes nodejs_heap_space_size_total_bytes nodejs_heap_space_size_used_bytes nodejs_heap_space_size_available_bytes
    nodejs_version_info nodejs_gc_duration_seconds`.split(/\s+/);

  it('are all in the catalogue', () =>
    assert.deepEqual(
      NAMES.filter((name) => !(name in catalogue)),
      [],
    ));
});
