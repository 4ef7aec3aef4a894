// The last push, at a normal end of the process, which ends as it would have without it, at most a second later.
//
// `process.exit()` and an uncaught exception leave no time for what is not synchronous: what came since the last push is lost with them.

import { EventEmitter } from 'node:events';
import { after, every, inBackground } from '../later';
import { replaceMethod } from '../patch';
import type { Pusher } from './pusher';
import { afterReading, atMost } from './timers';

/** How much later a process may end. PM2 kills what has not ended 1.6 s after its signal. */
const PATIENCE_MS = 1000;
/** The pace of pushes once the app has begun to end itself: most do so by process.exit() in the end. */
const CLOSING_MS = 500;
/** How long that pace is kept. An app that still runs then takes the signal for something else, as a REPL takes SIGINT. */
const MOST_CLOSING_MS = 30_000;
const SIGNALS: ReadonlySet<unknown> = new Set<NodeJS.Signals>(['SIGTERM', 'SIGINT']);

interface Emitter {
  emit(...args: unknown[]): boolean;
}

/**
 * Seen as it is emitted, not listened to: signal-exit and its like count the listeners of a signal to know whether they are alone, and
 * would wait for ours as ours for them.
 */
export function watchProcessEnd(pusher: Pusher): void {
  const last = (): Promise<void> => atMost(PATIENCE_MS, pusher.pushLast());
  const empty = onceEmpty(last);
  const signalled = onceSignalled(last, pusher);
  replaceMethod(
    process as Emitter,
    'emit',
    (emit) =>
      function (this: NodeJS.Process, ...args) {
        const passOn = (): boolean => emit.apply(this, args);
        if (args[0] === 'beforeExit' && empty()) return true;
        if (!isRaised(args)) return passOn();
        const signal = args[0] as NodeJS.Signals;
        signalled(signal, () => passOn() || die(signal));
        return true;
      },
  );
  for (const signal of SIGNALS) {
    // Node.js begins to receive a signal when a listener is announced, and calls `emit` as it is then: anew, where a listener that hides
    // itself, as tsx's does, has been there before.
    (process as Emitter).emit('removeListener', signal);
    (process as Emitter).emit('newListener', signal);
  }
}

/** Node.js emits a signal with its number; what the app emits by hand is between it and its listeners. */
function isRaised([event, , number]: readonly unknown[]): boolean {
  return SIGNALS.has(event) && typeof number === 'number';
}

/** The event loop is empty: it is given the last push to do, and the app is told once that is done. */
function onceEmpty(last: () => Promise<void>): () => boolean {
  let pushed = false;
  return () => {
    // What the app does then may be more work, after which it is empty again.
    pushed = !pushed;
    if (pushed) inBackground('the last push', last());
    return pushed;
  };
}

/**
 * The app hears of signals once everything is pushed, since it may end the process at once. Of a second one, too: npm and terminals send
 * each of them twice. A launcher's own listener hears of it now: tsx kills what has not let it know within 60 ms.
 */
function onceSignalled(last: () => Promise<void>, pusher: Pusher): (signal: NodeJS.Signals, end: () => void) => void {
  let pushed: Promise<void> | undefined;
  return (signal, end) => {
    if (pushed === undefined)
      after(
        'a push',
        MOST_CLOSING_MS,
        every('a push', CLOSING_MS, () => inBackground('a push', pusher.push())),
      );
    pushed ??= last();
    if (hasHiddenListener(signal)) return end();
    // Not in the promise's own turn, where what the app throws would be a rejection.
    inBackground(
      'the last push',
      pushed.finally(() => afterReading(end)),
    );
  };
}

function hasHiddenListener(signal: NodeJS.Signals): boolean {
  return EventEmitter.prototype.listenerCount.call(process, signal) > process.listenerCount(signal);
}

/** As it would have at once, if nobody had received the signal. */
function die(signal: NodeJS.Signals): boolean {
  (process as Emitter).emit('removeListener', signal);
  return process.kill(process.pid, signal);
}
