// Waits for what must come to hold.

import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 120_000;

/** @param complaint what to say if it never does */
export async function until(holds: () => boolean | Promise<boolean>, complaint: () => string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await holds()); await sleep(50)) {
    if (Date.now() > end) throw new Error(complaint());
  }
}
