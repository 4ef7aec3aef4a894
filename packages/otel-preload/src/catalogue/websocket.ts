import type { Metric } from './types';

export const websocket = {
  websocket_connections_total: {
    kind: 'counter',
    family: 'websocket',
    help: 'WebSocket connections accepted since the process started.',
    labels: [],
    source: { from: 'instrument' },
  },
  websocket_connections_active: {
    kind: 'gauge',
    family: 'websocket',
    help: 'WebSocket connections that are open now.',
    labels: [],
    merge: 'sum',
    source: { from: 'observation' },
  },
} as const satisfies Record<string, Metric>;
