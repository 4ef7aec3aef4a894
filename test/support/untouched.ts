// What a preload has done to Node.js before the app's first line.

import { fixtures, startApp, type AppOptions } from './app';
import path from 'node:path';

export interface Touched {
  /** Paths of what was replaced, added or removed, as `net.Server.prototype.emit`. */
  readonly changes: readonly string[];
  readonly listeners: unknown;
  /** Kinds of timers, servers and other resources that were begun. */
  readonly begun: readonly string[];
  readonly active: readonly string[];
  /** Files in `require.cache`. */
  readonly loaded: readonly string[];
}

/** @param flags those of the preload, if it is to be there */
export async function whatIsTouched(options: AppOptions, flags: readonly string[]): Promise<Touched> {
  const app = await startApp('untouched.cjs', {
    ...options,
    env: { NODE_NO_WARNINGS: '1', ...options.env },
    flags: ['-r', path.join(fixtures, 'untouched-before.cjs'), ...flags],
    silent: true,
  });
  const seen = await app.said('saw');
  await app.exited;
  return JSON.parse(seen) as Touched;
}
