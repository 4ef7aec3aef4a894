// The cache dashboard.

import type { MonitoringConfig } from '../config';
import { add, divide, max, metric, rate, sum } from '../promql/build';
import { share } from './expressions';
import { RATE, shown, type Board, type Panel } from './panel';

const hits = rate(shown('cache_hits_total'), RATE);
const misses = rate(shown('cache_misses_total'), RATE);
const reads = add(sum(hits), sum(misses));
const readsByType = add(sum(hits, 'cache_type'), sum(misses, 'cache_type'));
// Every instance asks the same servers: a sum over instances would count their memory several times.
const size = max(shown('cache_size_bytes'), 'cache_type');

export function cacheBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-cache',
    title: 'Cache',
    description: 'Whether Redis spares the database its work, and how large it grows.',
    rows: [
      { title: 'Now', panels: now(config) },
      { title: 'Reads', panels: readPanels(config) },
      { title: 'Legacy panels', panels: legacy },
    ],
  };
}

const now = ({ thresholds }: MonitoringConfig): Panel[] => [
  {
    title: 'Hit rate',
    description: 'Share of the values asked for that were there, over all types and instances.',
    kind: 'tile',
    queries: [{ expr: share(sum(hits), reads) }],
    unit: 'ratio',
    limits: { warning: thresholds.cacheHitRatio, below: true },
    alert: 'LowCacheHitRate',
  },
  { title: 'Reads', description: 'Values asked for a second.', kind: 'tile', queries: [{ expr: reads }], unit: 'ops/s' },
  {
    title: 'Misses',
    description: 'Values that were not there: each is work for the database.',
    kind: 'tile',
    queries: [{ expr: sum(misses) }],
    unit: 'ops/s',
  },
  { title: 'Memory', description: 'Used by the Redis servers.', kind: 'tile', queries: [{ expr: size, legend: '{{cache_type}}' }], unit: 'bytes' },
];

const readPanels = ({ thresholds }: MonitoringConfig): Panel[] => [
  {
    title: 'Hit rate by type',
    description: 'Over all instances. The legacy query gives one line for each instance.',
    kind: 'graph',
    queries: [{ expr: share(sum(hits, 'cache_type'), readsByType), legend: '{{cache_type}}' }],
    unit: 'ratio',
    limits: { warning: thresholds.cacheHitRatio, below: true },
    alert: 'LowCacheHitRate',
  },
  {
    title: 'Reads by type',
    description: 'A type with few reads moves its hit rate, and little else.',
    kind: 'graph',
    queries: [{ expr: readsByType, legend: '{{cache_type}}' }],
    unit: 'ops/s',
    stacked: true,
  },
  {
    title: 'Misses by type',
    description: 'Where a longer lifetime, or filling the cache beforehand, saves most.',
    kind: 'graph',
    queries: [{ expr: sum(misses, 'cache_type'), legend: '{{cache_type}}' }],
    unit: 'ops/s',
    stacked: true,
  },
  {
    title: 'Hit rate by instance',
    description: 'An instance far below the others reads other keys, or another server.',
    kind: 'graph',
    queries: [{ expr: share(sum(hits, 'instance'), add(sum(hits, 'instance'), sum(misses, 'instance'))), legend: '{{instance}}' }],
    unit: 'ratio',
    limits: { warning: thresholds.cacheHitRatio, below: true },
    alert: 'LowCacheHitRate',
  },
];

const [legacyHits, legacyMisses] = [rate(metric('cache_hits_total'), '5m'), rate(metric('cache_misses_total'), '5m')];

const legacy: Panel[] = [
  {
    title: 'Cache Hit Rate',
    description: 'Legacy query, whatever is chosen above. A gap is a type without reads.',
    kind: 'graph',
    queries: [{ expr: divide(legacyHits, add(legacyHits, legacyMisses)) }],
    unit: 'ratio',
    alert: 'LowCacheHitRate',
  },
  {
    title: 'Cache Size',
    description: 'Legacy query, whatever is chosen above: each instance tells the memory of the same servers.',
    kind: 'graph',
    queries: [{ expr: metric('cache_size_bytes'), legend: '{{cache_type}}' }],
    unit: 'bytes',
  },
];
