// A serverless function: the platform may freeze the process after an answer, and end the process without a word. A push follows each answer,
// and the platform waits for the push if the platform can be asked. If not, the push goes on when the process thaws.

import { guarded } from '../log';
import type { RequestWatcher } from '../requests/tracker';
import type { Pusher } from './pusher';

type WaitUntil = (work: Promise<unknown>) => void;

/** Where the platform tells of the current request; https://github.com/vercel/next.js/blob/canary/packages/next/src/server/after */
const CONTEXTS = [Symbol.for('@next/request-context'), Symbol.for('@vercel/request-context')];

/** Overlapping answers share a push: an answer during a push waits for the next push. */
export function pushAfterRequests(pusher: Pusher): RequestWatcher {
  const waiting = new WeakMap<object, (push: Promise<void>) => void>();
  return {
    opened(response) {
      // Asked at once: some platforms take nothing more once the answer is there.
      const waitUntil = platformWaitUntil();
      if (waitUntil !== undefined) waitUntil(new Promise<void>((resolve) => waiting.set(response, resolve)));
    },
    closed(response) {
      const push = pusher.pushNow();
      const resolve = waiting.get(response);
      if (resolve !== undefined) resolve(push);
      else platformWaitUntil()?.(push);
    },
  };
}

function platformWaitUntil(): WaitUntil | undefined {
  for (const context of CONTEXTS) {
    try {
      const current = (globalThis as Record<symbol, { get?(): { waitUntil?: WaitUntil } | undefined } | undefined>)[context]?.get?.();
      if (typeof current?.waitUntil === 'function')
        return (work) => void guarded('asking the platform to wait for a push', () => current.waitUntil?.(work));
    } catch {
      // Outside of a request some throw.
    }
  }
  return undefined;
}
