// Wraps every answer of the preload: a fault in an answer ends only that answer, with a line in the log.

import { inBackground } from '../later';
import { guarded, reason, sayOnce } from '../log';
import { asLoaded } from '../originals/objects';
import { cut, sendLine, type Response } from './exchange';

/** @returns as `answer` does: true if the app must not see the request */
export function answering(response: Response, answer: () => boolean): boolean {
  try {
    return answer();
  } catch (thrown) {
    return endFaulty(response, thrown);
  }
}

/** Like `answering`, for an asynchronous answer. */
export function answeringLater(response: Response, answer: Promise<void>): void {
  const ended = async (): Promise<void> => {
    try {
      await answer;
    } catch (thrown) {
      endFaulty(response, thrown);
    }
  };
  inBackground('an answer', ended());
}

/** @returns false if the preload cannot end the response: then only the app can still answer */
function endFaulty(response: Response, thrown: unknown): boolean {
  sayOnce('answer', `an answer failed: ${reason(thrown)}`);
  const ended = guarded('an answer of 503', () => {
    if (asLoaded(response).headersSent) return false;
    sendLine(response, 503, `The answer failed: ${reason(thrown)}`);
    return true;
  });
  return ended || guarded('the end of an answer', () => (cut(response), true)) || false;
}
