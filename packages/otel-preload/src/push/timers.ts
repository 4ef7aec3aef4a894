// Node's timers as they were at the start: the app's tests may replace the global ones by fakes that never run.
// None of them keeps the process alive, unless it says so.

const { setImmediate, setInterval, setTimeout } = require('node:timers') as typeof import('node:timers');

export function every(ms: number, work: () => void): void {
  setInterval(work, ms).unref();
}

export function after(ms: number, work: () => void): NodeJS.Timeout {
  return setTimeout(work, ms).unref();
}

/** After the answers that lie in the sockets have been read: a process that thaws runs its timers first. */
export function afterReading(work: () => void): void {
  setImmediate(work);
}

/** Waits for the work, and keeps the process alive meanwhile, but no longer than that. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
  // The event loop may be empty now, and goes round once more, so that the app is told.
  setImmediate(() => {});
}
