// nodejs_gc_duration_seconds: every garbage collection, by kind.

import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import type { Instruments } from '../instruments';
import { guarded } from '../log';

const KINDS: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

export function watchGarbageCollection(instruments: Instruments): void {
  const observer = new PerformanceObserver((list) => {
    guarded('garbage collections', () => {
      for (const entry of list.getEntries()) instruments.record('nodejs_gc_duration_seconds', entry.duration / 1000, kindOf(entry));
    });
  });
  observer.observe({ entryTypes: ['gc'] });
}

function kindOf(entry: PerformanceEntry): string {
  return KINDS.get((entry as { detail?: { kind?: number } }).detail?.kind) ?? 'other';
}
