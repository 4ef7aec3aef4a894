import type { Metric } from './types';

/** The preload's metrics about itself. */
export const self = {
  otel_preload_info: {
    kind: 'gauge',
    family: 'otel_preload',
    help: 'Always 1; the version label is that of @earntrack/otel-preload.',
    labels: ['version'],
    merge: 'max',
    source: { from: 'observation' },
  },
  otel_preload_series: {
    kind: 'gauge',
    family: 'otel_preload',
    help: 'Series of each metric in this exposition: label sets, not bucket lines.',
    labels: ['metric'],
    merge: 'max',
    source: { from: 'observation' },
  },
  otel_preload_dropped_total: {
    kind: 'counter',
    family: 'otel_preload',
    help: 'Label values counted under other because a cap was reached, and records that could not be taken, by reason.',
    labels: ['reason'],
    source: { from: 'observation' },
  },
  otel_preload_pushed_points_total: {
    kind: 'counter',
    family: 'otel_preload',
    help: 'Points of pushes by result: sent; failed, which the next push makes up for; dropped, as the collector refused them. Absent without a push.',
    labels: ['result'],
    source: { from: 'observation' },
  },
  otel_preload_collect_errors_total: {
    kind: 'counter',
    family: 'otel_preload',
    help: 'Collections that failed in whole or in part.',
    labels: [],
    source: { from: 'observation' },
  },
} as const satisfies Record<string, Metric>;
