// The demo as an order of events: the start of all parts, load and picture until the end, the summary; then all parts end.

import { Closers } from './closers';
import { conclude } from './conclude';
import type { Options } from './options';
import { show } from './show';
import { start } from './start';

/**
 * Runs until `options.seconds` are over, q is pressed, or `interrupted` fires; then nothing is left running.
 *
 * @returns false if /metrics and the load driver disagree about the requests
 * @throws an Error of a line, with the backend's own words after a failure of the backend
 */
export async function runDemo(options: Options, interrupted: AbortSignal): Promise<boolean> {
  const closers = new Closers();
  try {
    // A download may take long; a part not yet among the closers ends with this process.
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
