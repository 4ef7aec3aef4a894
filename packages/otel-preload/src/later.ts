// The only ways by which the preload's code runs later: by a timer, an emitter, a promise. An exception there becomes a line in the log, never
// the app's uncaught exception or unhandled rejection. None of the timers keeps the process alive.

import type { EventEmitter } from 'node:events';
import { guarded } from './log';
import { onOf, once } from './originals/objects';

type Emitter = Pick<EventEmitter, 'on'>;
type Listener = (...args: any[]) => void;

/** @returns ends the repetition */
export function every(cause: string, ms: number, work: () => void): () => void {
  const timer = setInterval(() => guarded(cause, work), ms).unref();
  return () => clearInterval(timer);
}

export function after(cause: string, ms: number, work: () => void): NodeJS.Timeout {
  return setTimeout(() => guarded(cause, work), ms).unref();
}

/** @param listeners by event */
export function listen(cause: string, emitter: Emitter, listeners: Readonly<Record<string, Listener>>): void {
  const on = onOf(emitter);
  for (const [event, listener] of Object.entries(listeners)) on.call(emitter as EventEmitter, event, calling(cause, listener));
}

export function listenOnce(cause: string, emitter: Emitter, event: string, listener: Listener): void {
  once.call(emitter as EventEmitter, event, calling(cause, listener));
}

function calling(cause: string, listener: Listener): Listener {
  return (...args) => void guarded(cause, () => listener(...args));
}

/** For emitters whose failures are harmless: an `error` event without a listener would end the app. */
export function ignoreErrors(emitter: Emitter): void {
  onOf(emitter).call(emitter as EventEmitter, 'error', () => {});
}

/** For work with nobody waiting for the end. */
export function inBackground(cause: string, work: Promise<unknown>): void {
  // eslint-disable-next-line typescript/no-floating-promises
  settled(cause, work);
}

/** Never rejects. By `await`, since an app may have replaced `then`. */
async function settled(cause: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    guarded(cause, () => {
      throw thrown;
    });
  }
}
