// The door for where there is no `-r`: a serverless function, or the instrumentation.ts of Next.js.

import { start } from './start';

/**
 * Starts the preload, as `node -r` would: only if switched on, only once, and never throwing. To be called before the app imports its
 * libraries: of libraries already loaded, and of requests under way, the preload measures only a part.
 */
export function register(): void {
  start();
}
