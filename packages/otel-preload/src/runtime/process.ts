// process_*: the operating system's figures of this process.

import type { Instruments } from '../instruments';
import { openFiles, openFilesLimit, readStatus } from './proc-files';
import { sharedReading } from './shared-reading';

const MICROSECONDS = 1e6;

export function observeProcess(instruments: Instruments): void {
  const cpu = sharedReading(() => process.cpuUsage());
  instruments.observe('process_cpu_user_seconds_total', (observe) => observe(cpu().user / MICROSECONDS));
  instruments.observe('process_cpu_system_seconds_total', (observe) => observe(cpu().system / MICROSECONDS));
  instruments.observe('process_cpu_seconds_total', (observe) => observe((cpu().user + cpu().system) / MICROSECONDS));
  // Not the clock minus uptime(), which would wander with every adjustment of the clock.
  const started = Math.round(performance.timeOrigin) / 1000;
  instruments.observe('process_start_time_seconds', (observe) => observe(started));
  instruments.observe('process_resident_memory_bytes', (observe) => observe(process.memoryUsage.rss()));
  if (process.platform === 'linux') observeProcFiles(instruments);
}

function observeProcFiles(instruments: Instruments): void {
  const status = sharedReading(readStatus);
  instruments.observe(
    'process_virtual_memory_bytes',
    ifKnown(() => status().virtual),
  );
  instruments.observe(
    'process_heap_bytes',
    ifKnown(() => status().data),
  );
  instruments.observe('process_open_fds', ifKnown(openFiles));
  const limit = openFilesLimit();
  instruments.observe(
    'process_max_fds',
    ifKnown(() => limit),
  );
}

/** An unreadable figure is absent, not 0. */
function ifKnown(read: () => number | undefined): (observe: (value: number) => void) => void {
  return (observe) => {
    const value = read();
    if (value !== undefined) observe(value);
  };
}
