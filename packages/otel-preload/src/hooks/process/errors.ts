// Uncaught exceptions and unhandled rejections, under endpoint `none`, without adding a listener: a listener would change Node's reaction.

import type { Instruments } from '../../instruments';
import { guarded } from '../../log';
import { errorType } from '../../requests/error-type';
import { replaceMethod } from '../../patch';

const OUTSIDE = 'none';

/**
 * An `unhandledRejection` listener of ours would keep alive a process about to be ended by Node, so the hook watches the emit.
 * `uncaughtExceptionMonitor` is made for watching; rejections arrive there too, and are counted once, at their emit.
 */
export function watchProcessErrors(instruments: Instruments): void {
  const count = (error: unknown): void =>
    void guarded('counting process errors', () => instruments.add('errors_total', 1, errorType(error), OUTSIDE));
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    if (origin === 'uncaughtException') count(error);
  });
  replaceMethod(
    process as { emit: (...args: unknown[]) => boolean },
    'emit',
    (emit) =>
      function (this: NodeJS.Process, ...args) {
        if (args[0] === 'unhandledRejection') count(args[1]);
        return emit.apply(this, args);
      },
  );
}
