// The preload's own voice: single lines on stderr, each cause at most once. It never throws into the app.

import { Writable } from 'node:stream';

/** As it was: an app may have replaced that of its stderr by what ends it. */
const { write } = Writable.prototype;
const said = new Set<string>();

/**
 * Says one line about `cause`, the first time only.
 *
 * @param cause a stable key; a second call with the same key is silent
 * @param line what happened, and the remedy; must hold no secret
 */
export function sayOnce(cause: string, line: string): void {
  try {
    if (said.has(cause)) return;
    said.add(cause);
    say(line);
  } catch {
    // What is told is the app's, and so may be what tells it.
  }
}

/** Says one line, for what may come and go: at each change, and no more often. */
export function say(line: string): void {
  try {
    const { stderr } = process;
    write.call(stderr, `[otel-preload] ${line.replace(/\s*\n\s*/g, ' ')}\n`, 'utf8', (failure) => {
      // Nobody reads the pipe any more: without a listener the 'error' that follows would end the app. console.error does the same.
      if (failure && stderr.listenerCount('error') === 0) stderr.once('error', () => {});
    });
  } catch {
    // A closed stderr must not become the app's problem.
  }
}

/** A thrown value as one short line without a stack. It does not throw: the value may be the app's, with getters that do. */
export function reason(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}`.slice(0, 300) : String(thrown).slice(0, 300);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** Runs `work` so that a fault in the preload is one log line and never the app's exception. */
export function guarded<T>(cause: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    sayOnce(cause, `${cause} failed and is left out: ${reason(thrown)}`);
    return undefined;
  }
}
