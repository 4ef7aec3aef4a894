// A process of whom every scrape is known: all metrics of the catalogue, with what makes rates hard: a restart, series that are born and that
// end, a scrape that fails. The n-th text is always the same.

import { catalogue, type Metric } from '@earntrack/otel-preload/catalogue';

/** The label values of every metric; what is not here has one value. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  method: ['GET', 'POST'],
  status: ['200', '404', '499', '500', 'completed', 'failed'],
  endpoint: ['/api/users/:id', '/a "quoted" \\ path', 'unmatched', 'none'],
  state: ['used', 'waiting', 'prioritized'],
};

/** The scrape at which the process starts anew, and its counters with it. */
export const RESTART = 31;
/** The scrape that fails. */
export const FAILURE = 22;
/** Series whose number is divisible by 7 are born here, and those by 11 end. */
const BIRTH = 18;
const END = 40;

const boundariesOf = ({ boundaries = [] }: Metric): readonly number[] => boundaries;

/** The exposition of scrape `n`; undefined where it fails. */
export function exposition(n: number): string | undefined {
  if (n === FAILURE) return undefined;
  const lines = [`scrape_number ${n}`];
  Object.entries<Metric>(catalogue).forEach(([name, metric], m) => {
    lines.push(`# HELP ${name} ${metric.help}`, `# TYPE ${name} ${metric.kind}`);
    labelSets(metric.labels).forEach((labels, l) => {
      const seed = m * 100 + l;
      const isThere = (seed % 7 !== 0 || n >= BIRTH) && (seed % 11 !== 0 || n < END);
      if (isThere) lines.push(...samples(name, metric, labels, seed, n));
    });
  });
  return `${lines.join('\n')}\n`;
}

function samples(name: string, metric: Metric, labels: readonly string[], seed: number, n: number): string[] {
  const braced = (...more: string[]): string => (labels.length + more.length > 0 ? `{${[...labels, ...more].join(',')}}` : '');
  if (metric.kind !== 'histogram') return [`${name}${braced()} ${metric.kind === 'counter' ? grown(seed, n, 5) : moving(name, seed, n)}`];
  const bounds = [...boundariesOf(metric).map(String), '+Inf'];
  let count = 0;
  const buckets = bounds.map((bound, index) => `${name}_bucket${braced(`le="${bound}"`)} ${(count += grown(seed * 31 + index, n, 3))}`);
  return [...buckets, `${name}_sum${braced()} ${grown(seed, n, 90) + 0.25}`, `${name}_count${braced()} ${count}`];
}

/** A counter at scrape `n`: it grows by up to `most` between two scrapes, and begins anew with the process. */
function grown(seed: number, n: number, most: number): number {
  let value = 0;
  for (let scrape = n >= RESTART ? RESTART : 0; scrape <= n; scrape += 1) value += Math.floor(random(seed, scrape) * (most + 1));
  return value;
}

function moving(name: string, seed: number, n: number): number {
  if (name === 'process_start_time_seconds') return n >= RESTART ? 1_700_000_500 : 1_700_000_000;
  return Math.floor(random(seed, n) * 1000) / 8;
}

/** From 0 to 1, the same for the same numbers. */
function random(seed: number, n: number): number {
  const x = Math.sin(seed * 127.1 + n * 311.7) * 43_758.5453;
  return x - Math.floor(x);
}

function labelSets(names: readonly string[]): string[][] {
  return names.reduce<string[][]>(
    (sets, name) => sets.flatMap((set) => (VALUES[name] ?? ['a']).map((value) => [...set, `${name}="${escaped(value)}"`])),
    [[]],
  );
}

const escaped = (value: string): string => value.replace(/[\\"]/g, '\\$&');
