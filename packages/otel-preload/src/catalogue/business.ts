import type { Metric } from './types';

export const business = {
  earnings_processed_total: {
    kind: 'counter',
    family: 'business',
    help: 'Earnings processed, by platform.',
    labels: ['platform'],
    source: { from: 'instrument' },
  },
  active_users: {
    kind: 'gauge',
    family: 'business',
    help: 'Users that are active now, as the app reports them.',
    labels: [],
    merge: 'max',
    source: { from: 'instrument' },
  },
} as const satisfies Record<string, Metric>;
