// nodejs_heap_* and nodejs_external_memory_bytes: V8's own figures of its heap.

import type { Instruments } from '../instruments';
import { sharedReading } from './shared-reading';

export function observeMemory(instruments: Instruments): void {
  const memory = sharedReading(() => process.memoryUsage());
  instruments.observe('nodejs_heap_size_total_bytes', (observe) => observe(memory().heapTotal));
  instruments.observe('nodejs_heap_size_used_bytes', (observe) => observe(memory().heapUsed));
  instruments.observe('nodejs_external_memory_bytes', (observe) => observe(memory().external));
  const spaces = sharedReading(() => (require('node:v8') as typeof import('node:v8')).getHeapSpaceStatistics());
  const sizes = (size: 'space_size' | 'space_used_size' | 'space_available_size') => (observe: (value: number, space: string) => void) => {
    for (const space of spaces()) observe(space[size], space.space_name.replace(/_space$/, ''));
  };
  instruments.observe('nodejs_heap_space_size_total_bytes', sizes('space_size'));
  instruments.observe('nodejs_heap_space_size_used_bytes', sizes('space_used_size'));
  instruments.observe('nodejs_heap_space_size_available_bytes', sizes('space_available_size'));
}
