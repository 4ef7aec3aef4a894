// The preload's own voice: single lines on stderr, each cause at most once. Logging never throws into the app.

import { Writable } from 'node:stream';

/** The original: an app may have replaced its stderr's `write` with a function that ends the process. */
const { write } = Writable.prototype;
const said = new Set<string>();

/**
 * Says a line about `cause`, the first time only.
 *
 * @param cause a stable key; a second call with the same key is silent
 * @param line the event and the remedy; must hold no secret
 */
export function sayOnce(cause: string, line: string): void {
  try {
    if (said.has(cause)) return;
    said.add(cause);
    say(line);
  } catch {
    // The app may have replaced the methods used here with methods that throw.
  }
}

/** Says a line about a state that may come and go: at each change, and no more often. */
export function say(line: string): void {
  try {
    const { stderr } = process;
    write.call(stderr, `[otel-preload] ${line.replace(/\s*\n\s*/g, ' ')}\n`, 'utf8', (failure) => {
      // Nobody reads the pipe any more: without a listener the following 'error' event would end the app. console.error does the same.
      if (failure && stderr.listenerCount('error') === 0) stderr.once('error', () => {});
    });
  } catch {
    // A closed stderr must not become the app's problem.
  }
}

/** A thrown value as a short line without a stack. Never throws: the value may be the app's, with throwing getters. */
export function reason(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}`.slice(0, 300) : String(thrown).slice(0, 300);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** Runs `work`. A fault in the preload becomes a log line, never the app's exception. */
export function guarded<T>(cause: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    sayOnce(cause, `${cause} failed and is left out: ${reason(thrown)}`);
    return undefined;
  }
}
