// The door for where there is no `-r`: a serverless function, or the instrumentation.ts of Next.js.

import { start } from './start';

/**
 * Starts the preload, as `node -r` would: only if it is switched on, once, and without ever throwing. To be called before the
 * libraries that it is to see are imported; of those that Node.js has loaded already, and of requests under way, it sees what it can.
 */
export function register(): void {
  start();
}
