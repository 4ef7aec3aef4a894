// The parts of the load: the API's routes, in the proportions of an ordinary day.

import { randomInt } from 'node:crypto';

/** A request to send. */
export interface Planned {
  readonly method: string;
  readonly path: string;
  /** The route's template, the `endpoint` that the metrics should show. */
  readonly endpoint: string;
  readonly token?: string;
  readonly body?: string;
}

interface Kind {
  readonly weight: number;
  readonly method: string;
  readonly endpoint: string;
  /** The request only works with a queue. */
  readonly needsJobs?: boolean;
  readonly make: () => { path: string; token?: string; body?: unknown };
}

const USERS = 500;
const PLATFORMS = ['uber', 'lyft', 'doordash', 'upwork'];
const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD'];

const KINDS: readonly Kind[] = [
  { weight: 260, method: 'GET', endpoint: '/api/users/:id', make: () => ({ path: `/api/users/${user()}` }) },
  { weight: 160, method: 'GET', endpoint: '/api/users/:id/earnings', make: () => ({ path: `/api/users/${user()}/earnings` }) },
  { weight: 140, method: 'GET', endpoint: '/api/session', make: () => ({ path: '/api/session', token: sessionToken() }) },
  { weight: 100, method: 'GET', endpoint: '/api/rates/:base', make: () => ({ path: `/api/rates/${oneOf(CURRENCIES)}` }) },
  { weight: 60, method: 'GET', endpoint: '/api/users', make: () => ({ path: `/api/users?ids=${user()},${user()},${user()},${user()}` }) },
  { weight: 20, method: 'GET', endpoint: '/api/users', make: () => ({ path: '/api/users?limit=20' }) },
  { weight: 40, method: 'GET', endpoint: '/api/users/:id/reports/:month', make: () => ({ path: `/api/users/${user()}/reports/${month()}` }) },
  { weight: 10, method: 'GET', endpoint: '/api/reports/platforms/:month', make: () => ({ path: `/api/reports/platforms/${month()}` }) },
  { weight: 20, method: 'GET', endpoint: '/api/users/:id/reports', make: () => ({ path: `/api/users/${user()}/reports` }) },
  { weight: 30, method: 'GET', endpoint: '/api/users/:id/payouts', make: () => ({ path: `/api/users/${user()}/payouts` }) },
  { weight: 20, method: 'GET', endpoint: '/api/earnings/latest', make: () => ({ path: '/api/earnings/latest' }) },
  { weight: 10, method: 'GET', endpoint: '/health', make: () => ({ path: '/health' }) },
  { weight: 50, method: 'POST', endpoint: '/api/users/:id/earnings', make: () => ({ path: `/api/users/${user()}/earnings`, body: earning() }) },
  {
    weight: 10,
    method: 'PATCH',
    endpoint: '/api/users/:id',
    make: () => ({ path: `/api/users/${user()}`, body: { name: `Driver ${randomInt(1e6)}` } }),
  },
  { weight: 5, method: 'POST', endpoint: '/api/users', make: () => ({ path: '/api/users', body: newUser() }) },
  {
    weight: 15,
    method: 'POST',
    endpoint: '/api/users/:id/payouts',
    needsJobs: true,
    make: () => ({ path: `/api/users/${user()}/payouts`, body: { amountCents: randomInt(100, 5_000) } }),
  },
  {
    weight: 10,
    method: 'POST',
    endpoint: '/api/earnings/import',
    needsJobs: true,
    make: () => ({ path: '/api/earnings/import', body: { userId: user(), platform: oneOf(PLATFORMS) } }),
  },
  {
    weight: 8,
    method: 'POST',
    endpoint: '/api/users/:id/reports',
    needsJobs: true,
    make: () => ({ path: `/api/users/${user()}/reports`, body: { month: month() } }),
  },
  // The troubles of an ordinary day: unknown people, bad input, expired sessions, and scanners.
  { weight: 8, method: 'GET', endpoint: '/api/users/:id', make: () => ({ path: `/api/users/${randomInt(1e6, 2e6)}` }) },
  { weight: 5, method: 'GET', endpoint: '/api/users/:id', make: () => ({ path: '/api/users/me' }) },
  {
    weight: 6,
    method: 'POST',
    endpoint: '/api/users/:id/earnings',
    make: () => ({ path: `/api/users/${user()}/earnings`, body: { platform: 'horse' } }),
  },
  { weight: 6, method: 'GET', endpoint: '/api/session', make: () => ({ path: '/api/session' }) },
  { weight: 15, method: 'GET', endpoint: 'unmatched', make: () => ({ path: `/wp-admin/${randomInt(1e9)}.php` }) },
];

/** A source of requests, without those that need jobs if there are no jobs. */
export function planner(withJobs: boolean): () => Planned {
  const kinds = KINDS.filter(({ needsJobs }) => withJobs || !needsJobs);
  const wheel = kinds.flatMap((kind) => Array<Kind>(kind.weight).fill(kind));
  return () => {
    const { method, endpoint, make } = oneOf(wheel);
    const { path, token, body } = make();
    return { method, endpoint, path, token, body: body === undefined ? undefined : JSON.stringify(body) };
  };
}

/** Few users do most: squaring draws the low ids far more often. */
function user(): number {
  return 1 + Math.floor(Math.random() ** 2 * USERS);
}

/** The sample data gives user 42 the session …42. */
function sessionToken(): string {
  return `00000000-0000-4000-8000-${String(user()).padStart(12, '0')}`;
}

function month(): string {
  const day = new Date();
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() - randomInt(12));
  return day.toISOString().slice(0, 7);
}

function earning(): unknown {
  return { platform: oneOf(PLATFORMS), amountCents: randomInt(300, 12_000), earnedOn: new Date().toISOString().slice(0, 10) };
}

function newUser(): unknown {
  return { name: 'New driver', email: `new${randomInt(2 ** 47)}@example.com`, currency: oneOf(CURRENCIES) };
}

function oneOf<T>(choices: readonly T[]): T {
  return choices[randomInt(choices.length)]!;
}
