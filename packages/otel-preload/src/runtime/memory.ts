// nodejs_heap_* and nodejs_external_memory_bytes: what V8 says of its heap.

import { getHeapSpaceStatistics } from 'node:v8';
import type { Instruments } from '../instruments';

export function observeMemory(instruments: Instruments): void {
  instruments.observe('nodejs_heap_size_total_bytes', (observe) => observe(process.memoryUsage().heapTotal));
  instruments.observe('nodejs_heap_size_used_bytes', (observe) => observe(process.memoryUsage().heapUsed));
  instruments.observe('nodejs_external_memory_bytes', (observe) => observe(process.memoryUsage().external));
  instruments.observe('nodejs_heap_space_size_total_bytes', spaces('space_size'));
  instruments.observe('nodejs_heap_space_size_used_bytes', spaces('space_used_size'));
  instruments.observe('nodejs_heap_space_size_available_bytes', spaces('space_available_size'));
}

function spaces(size: 'space_size' | 'space_used_size' | 'space_available_size') {
  return (observe: (value: number, space: string) => void): void => {
    for (const space of getHeapSpaceStatistics()) observe(space[size], space.space_name.replace(/_space$/, ''));
  };
}
