// Waits for what must come to hold.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param complaint what to say if it never does
 * @param patienceMs less than the test's own timeout, which could not say it
 */
export async function until(holds: () => boolean | Promise<boolean>, complaint: () => string, patienceMs = 120_000): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await holds()); await sleep(50)) {
    if (Date.now() > end) assert.fail(complaint());
  }
}
