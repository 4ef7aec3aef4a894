// The WebSockets dashboard.

import { increase, rate, sum } from '../promql/build';
import { RANGE, RATE, shown, type Board } from './panel';

const active = shown('websocket_connections_active');
const accepted = shown('websocket_connections_total');

export function websocketsBoard(): Board {
  return {
    uid: 'earntrack-websockets',
    title: 'WebSockets',
    description: 'How many clients listen for live updates, and how often they come anew.',
    rows: [
      {
        title: 'Now',
        panels: [
          { title: 'Open', description: 'Connections open now, over all instances.', kind: 'tile', queries: [{ expr: sum(active) }], unit: 'count' },
          {
            title: 'Accepted',
            description: 'New connections a second.',
            kind: 'tile',
            queries: [{ expr: sum(rate(accepted, RATE)) }],
            unit: 'events/s',
          },
          {
            title: 'Accepted in this time',
            description: 'New connections within the time range that is being looked at.',
            kind: 'tile',
            queries: [{ expr: sum(increase(accepted, RANGE)) }],
            unit: 'count',
          },
        ],
      },
      {
        title: 'Connections',
        panels: [
          {
            title: 'Open by instance',
            description: 'A sudden fall to 0 is a restart or a proxy that cut all connections.',
            kind: 'graph',
            queries: [{ expr: sum(active, 'instance'), legend: '{{instance}}' }],
            unit: 'count',
            stacked: true,
          },
          {
            title: 'Accepted by instance',
            description: 'Many new connections beside an unchanged number of open ones: clients lose theirs and come again.',
            kind: 'graph',
            queries: [{ expr: sum(rate(accepted, RATE), 'instance'), legend: '{{instance}}' }],
            unit: 'events/s',
          },
          {
            title: 'Accepted since the start',
            description: 'The counter itself: connections accepted since each process started.',
            kind: 'graph',
            queries: [{ expr: accepted, legend: '{{instance}}' }],
            unit: 'count',
          },
        ],
      },
    ],
  };
}
