// The demo as an order of events: everything started, load and picture until it is over, the summary; and all of it away again.

import { Closers } from './closers';
import { conclude } from './conclude';
import type { Options } from './options';
import { show } from './show';
import { start } from './start';

/**
 * Runs until `options.seconds` are over, q is pressed, or `interrupted` fires; then nothing is left running.
 *
 * @returns false if /metrics and the load driver did not count the same requests
 * @throws Error with one line, and the backend's own words where it is the backend that failed
 */
export async function runDemo(options: Options, interrupted: AbortSignal): Promise<boolean> {
  const closers = new Closers();
  try {
    // A download may take long; what has not been added to the closers by then ends with this process.
    const started = await Promise.race([start(options, closers), fired(interrupted)]);
    if (!started) return true;
    await show(started, options, interrupted);
    return interrupted.aborted || (await conclude(started));
  } finally {
    await closers.run();
  }
}

function fired(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
}
