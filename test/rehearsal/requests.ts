// Requests beside the demo's ordinary load.

import { randomInt } from 'node:crypto';
import type { Planned } from '@earntrack/demo/dist/src/load/plan';

/** Of those who look for holes. */
export function scan(): Planned {
  return { method: 'GET', path: `/wp-login/${randomInt(1e9)}.php`, endpoint: 'unmatched' };
}

/** Somebody's earnings in some month: hardly ever cached, and so a query. */
export function report(): Planned {
  const month = `2026-${String(randomInt(1, 13)).padStart(2, '0')}`;
  return { method: 'GET', path: `/api/users/${randomInt(1, 501)}/reports/${month}`, endpoint: '/api/users/:id/reports/:month' };
}
