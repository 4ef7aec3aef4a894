// The key of each fault, and the fault's duration.

import type { Fault } from '../faults/switchboard';

export const FAULT_SECONDS = 15;

export const FAULT_KEYS: Readonly<Record<string, Fault>> = {
  e: 'errors',
  s: 'slow-queries',
  c: 'flushed-cache',
  j: 'failing-jobs',
};
