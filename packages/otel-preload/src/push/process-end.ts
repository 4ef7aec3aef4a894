// The last push, at a normal end of the process, which ends as without the preload, at most a second later.
//
// `process.exit()` and an uncaught exception leave no time for asynchronous work: the counts since the last push are lost.

import { EventEmitter } from 'node:events';
import { after, every, inBackground } from '../later';
import { replaceMethod } from '../patch';
import type { Pusher } from './pusher';
import { afterReading, atMost } from './timers';

/** How much later a process may end. PM2 kills a process 1.6 s after its signal. */
const PATIENCE_MS = 1000;
/** The pace of pushes once the app has begun to end itself: most do so by process.exit() in the end. */
const CLOSING_MS = 500;
/** How long the closing pace is kept. An app that runs on took the signal for something else, as a REPL takes SIGINT. */
const MOST_CLOSING_MS = 30_000;
const SIGNALS: ReadonlySet<unknown> = new Set<NodeJS.Signals>(['SIGTERM', 'SIGINT']);

interface Emitter {
  emit(...args: unknown[]): boolean;
}

/**
 * Seen as Node.js emits the signal, without a listener: signal-exit and similar libraries count the listeners of a signal to know whether they
 * are alone, and would wait for ours as ours for them.
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
    // Node.js begins to receive a signal at the announcement of a listener, and calls the `emit` of that moment: anew, where a listener that hides
    // itself, such as tsx's, has been there before.
    (process as Emitter).emit('removeListener', signal);
    (process as Emitter).emit('newListener', signal);
  }
}

/** Node.js emits a signal with its number; a signal emitted by the app's hand concerns the app's listeners alone. */
function isRaised([event, , number]: readonly unknown[]): boolean {
  return SIGNALS.has(event) && typeof number === 'number';
}

/** The event loop is empty: the last push fills the loop, and the app is told afterwards. */
function onceEmpty(last: () => Promise<void>): () => boolean {
  let pushed = false;
  return () => {
    // The app may answer with more work, after which the loop is empty again.
    pushed = !pushed;
    if (pushed) inBackground('the last push', last());
    return pushed;
  };
}

/**
 * The app hears of signals after the last push, since the app may end the process at once. So for a second signal, too: npm and terminals send
 * each signal twice. A launcher's own listener hears at once: tsx kills a child without an answer after 60 ms.
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
    // Not in the promise's own turn, where an exception of the app's would be a rejection.
    inBackground(
      'the last push',
      pushed.finally(() => afterReading(end)),
    );
  };
}

function hasHiddenListener(signal: NodeJS.Signals): boolean {
  return EventEmitter.prototype.listenerCount.call(process, signal) > process.listenerCount(signal);
}

/** As at once, if nobody had received the signal. */
function die(signal: NodeJS.Signals): boolean {
  (process as Emitter).emit('removeListener', signal);
  return process.kill(process.pid, signal);
}
