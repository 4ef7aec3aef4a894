// Uncaught exceptions and unhandled rejections, under endpoint `none`, without becoming a listener that changes what Node does.

import type { Instruments } from '../../instruments';
import { guarded } from '../../log';
import { errorType } from '../../requests/error-type';
import { replaceMethod } from '../../patch';

const OUTSIDE = 'none';

/**
 * An `unhandledRejection` listener of ours would keep alive a process that Node ends, so the event is seen as it is emitted.
 * `uncaughtExceptionMonitor` is made for watching; rejections reach it too, and are counted once, where they were emitted.
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
