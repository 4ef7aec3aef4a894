// All entries lead here: `start` checks if the preload belongs in this process, and loads the rest only then.

import { isMainThread } from 'node:worker_threads';
import { readConfig } from './config';
import { isPackageManager } from './endpoint/package-managers';
import { reason, sayOnce } from './log';
import { preloaded } from './preloaded';

/** Starts the preload, if the preload belongs in this process. Never throws into the app. */
export function start(): void {
  try {
    // `-r` and NODE_OPTIONS also load this file in worker threads and in npm itself; a second `-r` calls `start` twice.
    if (!isMainThread || preloaded() !== undefined || isPackageManager(process.argv)) return;
    const config = readConfig();
    if (!config.enabled) return;
    (require('./boot') as typeof import('./boot')).boot(config);
  } catch (thrown) {
    sayOnce('start', `not started, the app runs without metrics: ${reason(thrown)}`);
  }
}
