// The business dashboard.

import { increase, max, rate, sum } from '../promql/build';
import { RANGE, RATE, shown, type Board } from './panel';

const earnings = shown('earnings_processed_total');
// Each instance reports the same users, if the app counts users in its database. If each instance counts its own, look by instance.
const users = shown('active_users');

export function businessBoard(): Board {
  return {
    uid: 'earntrack-business',
    title: 'Business',
    description: 'What the app is there for: earnings and users.',
    rows: [
      {
        title: 'Now',
        panels: [
          { title: 'Active users', description: 'As the app reports them.', kind: 'tile', queries: [{ expr: max(users) }], unit: 'count' },
          { title: 'Earnings', description: 'Processed a second.', kind: 'tile', queries: [{ expr: sum(rate(earnings, RATE)) }], unit: 'events/s' },
          {
            title: 'Earnings in this time',
            description: 'Processed within the time range that is being looked at.',
            kind: 'tile',
            queries: [{ expr: sum(increase(earnings, RANGE)) }],
            unit: 'count',
          },
        ],
      },
      {
        title: 'Earnings and users',
        panels: [
          {
            title: 'Earnings by platform',
            description: 'Processed a second. A platform that falls to 0 while others go on has a broken import.',
            kind: 'graph',
            queries: [{ expr: sum(rate(earnings, RATE), 'platform'), legend: '{{platform}}' }],
            unit: 'events/s',
            stacked: true,
          },
          {
            title: 'Earnings by platform in this time',
            description: 'Processed within the time range that is being looked at.',
            kind: 'table',
            queries: [{ expr: sum(increase(earnings, RANGE), 'platform') }],
            unit: 'count',
          },
          {
            title: 'Active users by instance',
            description: 'As each instance reports them.',
            kind: 'graph',
            queries: [{ expr: users, legend: '{{instance}}' }],
            unit: 'count',
          },
        ],
      },
    ],
  };
}
