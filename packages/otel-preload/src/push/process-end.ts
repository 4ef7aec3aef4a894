// The last push, at a normal end of the process, which ends as it would have without it, at most two seconds later.
//
// `process.exit()` and an uncaught exception leave no time for what is not synchronous: what came since the last push is lost with them.

import { replaceMethod } from '../hooks/hook';
import type { Pusher } from './pusher';
import { afterReading, atMost, every } from './timers';

/** How much later a process may end. */
const PATIENCE_MS = 2000;
/** The pace of pushes once the app has begun to end itself: most do so by process.exit() in the end. */
const CLOSING_MS = 500;
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
        if (!SIGNALS.has(args[0])) return passOn();
        signalled(() => passOn() || die(args[0] as NodeJS.Signals));
        return true;
      },
  );
  // Node.js begins to receive a signal when a listener is announced, and calls `emit` as it is then.
  for (const signal of SIGNALS) (process as Emitter).emit('newListener', signal);
}

/** The event loop is empty: it is given the last push to do, and the app is told once that is done. */
function onceEmpty(last: () => Promise<void>): () => boolean {
  let pushed = false;
  return () => {
    // What the app does then may be more work, after which it is empty again.
    pushed = !pushed;
    if (pushed) void last();
    return pushed;
  };
}

/**
 * The app hears of signals once everything is pushed, since it may end the process at once. Of a second one, too: npm, tsx and terminals
 * send each of them twice.
 */
function onceSignalled(last: () => Promise<void>, pusher: Pusher): (end: () => void) => void {
  let pushed: Promise<void> | undefined;
  return (end) => {
    if (pushed === undefined) every(CLOSING_MS, () => void pusher.push());
    pushed ??= last();
    // Not in the promise's own turn, where what the app throws would be a rejection.
    void pushed.then(() => afterReading(end));
  };
}

/** As it would have at once, if nobody had received the signal. */
function die(signal: NodeJS.Signals): boolean {
  (process as Emitter).emit('removeListener', signal);
  return process.kill(process.pid, signal);
}
