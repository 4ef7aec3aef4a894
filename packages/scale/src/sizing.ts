// The arithmetic of compose/SCALING.md: from series and an interval to samples, disk, memory and remote-write shards.
// test/sizing.test.ts and `npm run sizing` hold the arithmetic to a real Prometheus.

export interface Plan {
  readonly instances: number;
  /** Series of an instance. */
  readonly seriesEach: number;
  readonly intervalSeconds: number;
  readonly retentionDays: number;
  readonly deploysADay: number;
}

export interface Needs {
  /** Series with samples at the same time. */
  readonly activeSeries: number;
  /** Series in Prometheus's memory: with the series of instances that a deploy replaced in the last hours. */
  readonly headSeries: number;
  readonly samplesPerSecond: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  readonly remoteWriteShards: number;
}

/** `up`, and four of a scrape's own: duration, samples, samples after relabelling, series added. */
const SERIES_A_TARGET = 5;
/** On disk, in compacted blocks with their index. */
export const BYTES_A_SAMPLE = 2;
/** The write-ahead log before truncation: the last two to three hours. */
export const WAL_BYTES_A_SAMPLE = 7;
/** Resident, with the samples of the last two hours, the scrape's cache and the garbage collector's share. */
export const MEMORY_BYTES_A_SERIES = 8 * 1024;
/** An empty Prometheus. */
const MEMORY_BYTES_ALONE = 80 * 1024 * 1024;
/** A block is cut from the head every two hours, and the head keeps half as much again. */
const HEAD_HOURS = 3;
/** `max_samples_per_send`, and the duration of a request to a receiver some way off. */
export const SAMPLES_A_REQUEST = 2000;
const REQUEST_SECONDS = 0.1;

const DAY = 86_400;

export function needsOf({ instances, seriesEach, intervalSeconds, retentionDays, deploysADay }: Plan): Needs {
  const activeSeries = instances * (seriesEach + SERIES_A_TARGET);
  const headSeries = activeSeries * (1 + (deploysADay * HEAD_HOURS) / 24);
  const samplesPerSecond = activeSeries / intervalSeconds;
  const wal = samplesPerSecond * HEAD_HOURS * 3600 * WAL_BYTES_A_SAMPLE;
  return {
    activeSeries,
    headSeries: Math.ceil(headSeries),
    samplesPerSecond,
    diskBytes: samplesPerSecond * retentionDays * DAY * BYTES_A_SAMPLE + wal,
    memoryBytes: MEMORY_BYTES_ALONE + headSeries * MEMORY_BYTES_A_SERIES,
    remoteWriteShards: Math.max(1, Math.ceil((samplesPerSecond * REQUEST_SECONDS) / SAMPLES_A_REQUEST)),
  };
}

/** The limit of a Grafana Cloud account without further agreement. */
export const GRAFANA_CLOUD = { samplesPerSecond: 10_000, activeSeries: 150_000 } as const;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** The needs in a few lines for a person. */
export function described(plan: Plan): string {
  const { activeSeries, headSeries, samplesPerSecond, diskBytes, memoryBytes, remoteWriteShards } = needsOf(plan);
  const over = samplesPerSecond > GRAFANA_CLOUD.samplesPerSecond || activeSeries > GRAFANA_CLOUD.activeSeries;
  return [
    `${plan.instances} instances × (${plan.seriesEach} + ${SERIES_A_TARGET}) series, every ${plan.intervalSeconds} s, ${plan.deploysADay} deploys a day:`,
    `  active series     ${activeSeries} (in memory with the deploys: ${headSeries})`,
    `  samples a second  ${samplesPerSecond.toFixed(0)}${over ? ', over Grafana Cloud’s defaults: ask for more, or send less' : ''}`,
    `  disk              ${gigabytes(diskBytes)} for ${plan.retentionDays} days`,
    `  memory            ${gigabytes(memoryBytes)}`,
    `  remote write      ${remoteWriteShards} shard${remoteWriteShards === 1 ? '' : 's'}`,
  ].join('\n');
}
