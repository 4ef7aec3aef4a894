// The real figures of a fleet in a Prometheus: the arithmetic is held to these.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promtool, startPrometheus, type Prometheus } from '@earntrack/local-servers';
import { Fleet, JOB, labelText } from './fleet';
import { resultOf } from './query';
import { scrapeJob, serveTargets } from './target-server';

export interface Scraped {
  /** Prometheus's version, in Prometheus's own words. */
  readonly version: string;
  /** Series with a sample, the targets' own included. */
  readonly activeSeries: number;
  /** Stored samples of the app, and the scrapes that stored them. */
  readonly samples: number;
  readonly scrapes: number;
  /** The median time between two scrapes of a target. */
  readonly intervalSeconds: number;
  /** Resident memory over the memory of the same Prometheus before the first scrape. */
  readonly memoryBytes: number;
  /** How much the write-ahead log grew in the second half, and by how many samples. */
  readonly wal: { readonly bytes: number; readonly samples: number };
}

export interface ScrapeOptions {
  readonly instances: number;
  readonly series: number;
  readonly intervalSeconds: number;
  /** Scrapes of each target before the measurement. */
  readonly scrapes: number;
  /** The longest wait for these scrapes. */
  readonly withinSeconds: number;
}

const OWN = `{job="${JOB}",__name__!~"up|scrape_.+"}[1d]`;
const UP = `up{job="${JOB}"}`;

/** Has a Prometheus of its own scrape a fleet. @throws if the scrapes are not done in time */
export async function measureScraped({ instances, series, intervalSeconds, scrapes, withinSeconds }: ScrapeOptions): Promise<Scraped> {
  const server = await serveTargets(new Fleet({ instances, series }, Date.now() / 1000), { host: '127.0.0.1', port: 0 });
  const prometheus = await startPrometheus({ config: scrapeJob(server.url, intervalSeconds) });
  const end = Date.now() + withinSeconds * 1000;
  const least = async (count: number): Promise<boolean> => (await value(prometheus, `count(count_over_time(${UP}[1d]) >= ${count})`)) === instances;
  try {
    const before = await ofItself(prometheus, 'process_resident_memory_bytes');
    await until(() => least(Math.ceil(scrapes / 2)), end);
    const half = await wal(prometheus);
    await until(() => least(scrapes), end);
    const [now, memory, activeSeries] = [
      await wal(prometheus),
      await ofItself(prometheus, 'process_resident_memory_bytes'),
      (await resultOf(`${prometheus.url}/api/v1/query`, `{job="${JOB}"}[1d]`)).length,
    ];
    const interval = await ofItself(prometheus, `prometheus_target_interval_length_seconds{interval="${intervalSeconds}s",quantile="0.5"}`);
    await server.stop();
    // From here on Prometheus stores no further sample of the app.
    await until(async () => (await value(prometheus, `count(${UP} == 0)`)) === instances, end);
    return {
      version: await versionOf(prometheus),
      activeSeries,
      samples: await storedSamples(prometheus, OWN),
      scrapes: await value(prometheus, `sum(sum_over_time(${UP}[1d]))`),
      intervalSeconds: interval,
      memoryBytes: memory - before,
      wal: { bytes: now.bytes - half.bytes, samples: now.samples - half.samples },
    };
  } finally {
    await prometheus.stop();
  }
}

async function wal(prometheus: Prometheus): Promise<{ bytes: number; samples: number }> {
  const { data } = (await (await fetch(`${prometheus.url}/api/v1/status/flags`)).json()) as { data: Record<string, string> };
  // Prometheus's own metric of that size stands still between truncations (seen on 2.42).
  const bytes = sizeOf(path.join(data['storage.tsdb.path']!, 'wal'));
  return { bytes, samples: await ofItself(prometheus, 'prometheus_tsdb_head_samples_appended_total') };
}

/** A series of Prometheus's own, or all series of that name together. */
async function ofItself({ url }: Prometheus, series: string): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  const found = lines.filter((line) => line.startsWith(`${series} `) || line.startsWith(`${series}{`));
  return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** The value of a query with at most a single result. */
async function value({ url }: Prometheus, query: string): Promise<number> {
  const [first] = await resultOf(`${url}/api/v1/query`, query);
  return Number(first?.value?.[1] ?? 0);
}

/** Counted name by name: `count_over_time` drops the name, and the remaining labels are not unique. */
async function storedSamples({ url }: Prometheus, range: string): Promise<number> {
  return (await resultOf(`${url}/api/v1/query`, range)).reduce((sum, { values }) => sum + (values?.length ?? 0), 0);
}

async function versionOf({ url }: Prometheus): Promise<string> {
  const { data } = (await (await fetch(`${url}/api/v1/status/buildinfo`)).json()) as { data: { version: string } };
  return data.version;
}

async function until(holds: () => Promise<boolean>, end: number): Promise<void> {
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('Prometheus did not come to it in time');
    await sleep(200);
  }
}

export interface Stored {
  readonly samples: number;
  /** Of the block, its index included. */
  readonly bytes: number;
}

/** Puts an instance's samples of so many hours into a single block, as Prometheus's compaction leaves them after a day. */
export async function measureBlock(series: number, hours: number, intervalSeconds: number): Promise<Stored> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'earntrack-blocks-'));
  try {
    const text = path.join(folder, 'samples.om');
    const samples = writeSamples(text, series, hours, intervalSeconds);
    const data = path.join(folder, 'data');
    const args = ['tsdb', 'create-blocks-from', 'openmetrics', `--max-block-duration=${2 * hours}h`, text, data];
    const { code, stderr, stdout } = await promtool(args);
    if (code !== 0) throw new Error(`promtool: ${stderr || stdout}`);
    return { samples, bytes: sizeOf(data) };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function writeSamples(file: string, series: number, hours: number, intervalSeconds: number): number {
  // The start of a block's time, long ago.
  const start = 1_700_006_400;
  const fleet = new Fleet({ instances: 1, series }, start);
  const names = fleet.blueprint.series.map(({ name, labels }) => `${name}${labelText({ ...labels, job: JOB, instance: 'load-0' })} `);
  const rounds = (hours * 3600) / intervalSeconds;
  for (let round = 0; round < rounds; round += 1) {
    const now = start + round * intervalSeconds;
    const { values } = fleet.sample(0, now);
    fs.appendFileSync(file, names.map((name, index) => `${name}${values[index]} ${now}\n`).join(''));
  }
  fs.appendFileSync(file, '# EOF\n');
  return rounds * series;
}

function sizeOf(folder: string): number {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + fs.statSync(path.join(parentPath, name)).size, 0);
}
