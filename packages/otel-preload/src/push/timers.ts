// The waits of a push. None keeps the process alive, unless its comment says so.

import { after } from '../later';

const TICKS = 4;
/** A timer late by this factor tells of a freeze. */
const LATE = 2;

/** After the sockets' waiting data has been read. */
export function afterReading(work: () => void): void {
  setImmediate(work);
}

/**
 * After the process has been running for so long. Frozen time does not count: when the process thaws, timers run before the answers that came
 * meanwhile are read.
 *
 * @returns cancels the timer
 */
export function afterRunning(ms: number, work: () => void): () => void {
  const tick = Math.ceil(ms / TICKS);
  let ran = 0;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const started = performance.now();
    timer = after('a push', tick, () => {
      if (performance.now() - started < LATE * tick) ran += 1;
      if (ran < TICKS) wait();
      else afterReading(work);
    });
  };
  wait();
  return () => clearTimeout(timer);
}

/** Waits for the work, and keeps the process alive meanwhile, but no longer. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = after('the last push', ms, resolve).ref()));
  await Promise.race([work, late]);
  clearTimeout(timer);
  // The event loop may be empty now, and goes round once more, so that the app is told.
  setImmediate(() => {});
}
