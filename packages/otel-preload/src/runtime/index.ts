// The process and Node.js metrics that prom-client made common, read from cheap sources at each collection.

import type { Config } from '../config';
import type { Instruments } from '../instruments';
import { watchEventLoop } from './event-loop';
import { watchGarbageCollection } from './garbage-collection';
import { observeHandles } from './handles';
import { observeMemory } from './memory';
import { observeNodeVersion } from './node-version';
import { observeProcess } from './process';

/** Starts to observe this process. Nothing here keeps the process alive. */
export function watchRuntime(instruments: Instruments, { disabled }: Pick<Config, 'disabled'>): void {
  if (!disabled.has('process')) observeProcess(instruments);
  if (disabled.has('nodejs')) return;
  observeMemory(instruments);
  observeHandles(instruments);
  observeNodeVersion(instruments);
  watchEventLoop(instruments);
  watchGarbageCollection(instruments);
}
