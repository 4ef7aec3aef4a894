import type { Metric } from './types';

export const cache = {
  cache_hits_total: {
    kind: 'counter',
    family: 'cache',
    help: 'Values read from Redis that were there, by the first part of the key.',
    labels: ['cache_type'],
    source: { from: 'observation' },
  },
  cache_misses_total: {
    kind: 'counter',
    family: 'cache',
    help: 'Values read from Redis that were not there, by the first part of the key.',
    labels: ['cache_type'],
    source: { from: 'observation' },
  },
  cache_size_bytes: {
    kind: 'gauge',
    family: 'cache',
    help: 'Memory used by the Redis servers that this process caches in, in bytes.',
    labels: ['cache_type'],
    merge: 'max',
    source: { from: 'observation' },
  },
} as const satisfies Record<string, Metric>;
