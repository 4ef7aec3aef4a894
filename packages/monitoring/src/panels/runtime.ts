// The Node runtime dashboard: processes, memory, event loop, garbage collection, and the preload itself.

import type { MonitoringConfig } from '../config';
import { above, changes, divide, increase, max, minus, or, rate, sum, time, topk, type Vector, unless, vector } from '../promql/build';
import { RANGE, RATE, shown, type Board, type Panel } from './panel';

const INSTANCE = '{{instance}}';
const started = shown('process_start_time_seconds');
const pushed = shown('otel_preload_pushed_points_total');

export function runtimeBoard(config: MonitoringConfig): Board {
  return {
    uid: 'earntrack-runtime',
    title: 'Node runtime',
    description: 'Whether the processes themselves are well: CPU, memory, event loop, garbage collection.',
    rows: [
      { title: 'Processes', panels: processes },
      { title: 'Event loop and garbage collection', panels: loop(config) },
      { title: 'Memory', panels: memory },
      { title: 'The preload', panels: preload(config) },
    ],
  };
}

const graph = (title: string, description: string, expr: Vector, unit: Panel['unit'], legend = INSTANCE): Panel => ({
  title,
  description,
  kind: 'graph',
  queries: [{ expr, legend }],
  unit,
});

const processes: Panel[] = [
  graph('CPU', 'Cores used; 1 is a whole one, and JavaScript alone cannot use more.', rate(shown('process_cpu_seconds_total'), RATE), 'cores'),
  graph('Running for', 'Time since the process started. A saw is a process that crashes again and again.', minus(time(), started), 's'),
  {
    title: 'Restarts in this time',
    description: 'How often each process started anew within the time range that is being looked at.',
    kind: 'table',
    queries: [{ expr: sum(changes(started, RANGE), 'instance') }],
    unit: 'count',
  },
  {
    title: 'Node versions',
    description: 'Of each instance.',
    kind: 'table',
    queries: [{ expr: max(shown('nodejs_version_info'), 'instance', 'version') }],
    unit: 'version',
  },
  graph('Open file descriptors', 'Sockets and files. A steady climb is a leak.', shown('process_open_fds'), 'count'),
  graph(
    'Active handles',
    'What keeps the event loop alive, by type, over all instances.',
    sum(shown('nodejs_active_handles'), 'type'),
    'count',
    '{{type}}',
  ),
];

const loop = ({ thresholds }: MonitoringConfig): Panel[] => [
  {
    ...graph(
      'Event loop lag (99th percentile)',
      'How late timers and answers come because JavaScript is busy.',
      shown('nodejs_eventloop_lag_p99_seconds'),
      's',
    ),
    limits: { warning: thresholds.eventLoopLagSeconds },
    alert: 'HighEventLoopLag',
  },
  graph(
    'Event loop lag (mean)',
    'Its ordinary value is that of an idle loop, about the timer resolution.',
    shown('nodejs_eventloop_lag_mean_seconds'),
    's',
  ),
  graph(
    'Time in garbage collection',
    'Share of the time, by kind. More than a tenth: the heap is too small, or too much is thrown away.',
    sum(rate(shown('nodejs_gc_duration_seconds_sum'), RATE), 'instance', 'kind'),
    'ratio',
    '{{instance}} {{kind}}',
  ),
  graph(
    'Mean pause of garbage collection',
    'By kind.',
    divide(
      sum(rate(shown('nodejs_gc_duration_seconds_sum'), RATE), 'kind'),
      above(sum(rate(shown('nodejs_gc_duration_seconds_count'), RATE), 'kind'), 0),
    ),
    's',
    '{{kind}}',
  ),
];

const memory: Panel[] = [
  graph('Resident memory', 'What the system counts, heap and buffers and all.', shown('process_resident_memory_bytes'), 'bytes'),
  {
    ...graph(
      'Heap',
      'Used and reserved by JavaScript. Used that climbs after every collection is a leak.',
      shown('nodejs_heap_size_used_bytes'),
      'bytes',
    ),
    queries: [
      { expr: shown('nodejs_heap_size_used_bytes'), legend: `${INSTANCE} used` },
      { expr: shown('nodejs_heap_size_total_bytes'), legend: `${INSTANCE} reserved` },
    ],
  },
  graph('External memory', 'Buffers outside of the heap.', shown('nodejs_external_memory_bytes'), 'bytes'),
  graph('Heap by space', 'Used, over all instances.', sum(shown('nodejs_heap_space_size_used_bytes'), 'space'), 'bytes', '{{space}}'),
];

const preload = ({ thresholds }: MonitoringConfig): Panel[] => [
  {
    ...graph('Series', 'Label sets that each instance exposes.', sum(shown('otel_preload_series'), 'instance'), 'count'),
    limits: { warning: thresholds.nearlyFull * thresholds.seriesBudget, critical: thresholds.seriesBudget },
    alert: 'SeriesNearBudget',
  },
  {
    title: 'The metrics with the most series',
    description: 'Of the fullest instance.',
    kind: 'table',
    queries: [{ expr: topk(10, max(shown('otel_preload_series'), 'metric')) }],
    unit: 'count',
    alert: 'SeriesNearBudget',
  },
  graph(
    'Labels beyond their cap',
    'What was counted under `other`, or could not be taken, by reason, in five minutes.',
    sum(increase(shown('otel_preload_dropped_total'), '5m'), 'reason'),
    'count',
    '{{reason}}',
  ),
  {
    title: 'Versions of the preload',
    description: 'Of each instance.',
    kind: 'table',
    queries: [{ expr: max(shown('otel_preload_info'), 'instance', 'version') }],
    unit: 'version',
  },
  graph(
    'Collections that failed',
    'In five minutes; a scrape may have been incomplete.',
    increase(shown('otel_preload_collect_errors_total'), '5m'),
    'count',
  ),
  graph(
    'Pushing',
    'Points pushed over OTLP a second, by result: what failed comes with the next push, what was dropped is lost. A 0 without a name: nothing is pushed.',
    or(sum(rate(pushed, RATE), 'result'), unless(vector(0), pushed, { on: [] })),
    'ops/s',
    '{{result}}',
  ),
];
