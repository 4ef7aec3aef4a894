import type { Metric } from './types';

export const errors = {
  errors_total: {
    kind: 'counter',
    family: 'errors',
    help: 'Errors that ended in a 5xx or came too late to be answered, by class name and route template (none: outside a request).',
    labels: ['error_type', 'endpoint'],
    source: { from: 'instrument' },
  },
} as const satisfies Record<string, Metric>;
