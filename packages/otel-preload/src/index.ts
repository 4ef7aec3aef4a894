// The `-r` door: decides whether there is anything to do, loads the rest only then, and never throws into the app.

import { isMainThread } from 'node:worker_threads';
import { readConfig } from './config';
import { isPackageManager } from './endpoint/package-managers';
import { reason, sayOnce } from './log';
import { preloaded } from './preloaded';

function start(): void {
  // `-r` and NODE_OPTIONS run this file again in worker threads, and in npm itself; a second `-r` runs it twice.
  if (!isMainThread || preloaded() !== undefined || isPackageManager(process.argv)) return;
  const config = readConfig();
  if (!config.enabled) return;
  (require('./boot') as typeof import('./boot')).boot(config);
}

try {
  start();
} catch (thrown) {
  sayOnce('start', `not started, the app runs without metrics: ${reason(thrown)}`);
}
