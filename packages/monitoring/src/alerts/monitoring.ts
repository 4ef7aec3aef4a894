// Alerts on the monitoring itself: what it costs, what it loses, and that it works at all.

import { MINUTE, type MonitoringConfig } from '../config';
import { above, add, divide, metric, or, sum, vector, type Vector } from '../promql/build';
import { growth, scrapeWatched } from '../rules/growth';
import type { Alert } from './alert';

export function monitoringAlerts(config: MonitoringConfig) {
  const { jobs, thresholds } = config;
  return {
    SeriesNearBudget: {
      expr: above(sum(metric('otel_preload_series', { job: jobs }), 'job', 'instance'), thresholds.nearlyFull * thresholds.seriesBudget),
      forSeconds: 15 * MINUTE,
      severity: 'warning',
      summary: 'Nearly too many series',
      description: `{{ $labels.job }} on {{ $labels.instance }} exposes {{ printf "%.0f" $value }} of ${thresholds.seriesBudget} series.`,
    },
    CollectorDroppingData: {
      expr: lost(config),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'The collector loses metrics',
      description: '{{ printf "%.0f" $value }} data points were lost by {{ $labels.job }} on {{ $labels.instance }} in the last five minutes.',
    },
    PrometheusStorageFilling: {
      expr: above(used(config), thresholds.nearlyFull),
      forSeconds: 15 * MINUTE,
      severity: 'warning',
      summary: 'The disk of Prometheus fills',
      description:
        '{{ $value | humanizePercentage }} of the space of {{ $labels.instance }} is used; when it is full, the oldest days are deleted early.',
    },
    Watchdog: {
      expr: vector(1),
      forSeconds: 0,
      severity: 'none',
      summary: 'Alerting works',
      description: 'Fires always. If it does not arrive, no other alert does.',
    },
  } as const satisfies Record<string, Alert>;
}

/** Not what its receiver refused: senders keep that and try again. */
const LOSSES = ['otelcol_exporter_send_failed_metric_points', 'otelcol_exporter_enqueue_failed_metric_points'] as const;

/** Each above 0 by itself: the 0 of one would hide the losses of the other. */
function lost(config: MonitoringConfig): Vector<'job' | 'instance'> {
  const growths = LOSSES.flatMap((name) => [metric(name), metric(`${name}_total`)]).map((counter) => {
    const points = growth<string>(counter, config, scrapeWatched(config));
    return above(sum(points as Vector<'job' | 'instance'>, 'job', 'instance'), 0);
  });
  return growths.reduce((one, other) => or(one, other));
}

function used({ otherJobs }: MonitoringConfig): Vector<'job' | 'instance'> {
  const of = { job: otherJobs };
  const blocks = metric('prometheus_tsdb_storage_blocks_bytes', of);
  const log = metric('prometheus_tsdb_wal_storage_size_bytes', of);
  const head = metric('prometheus_tsdb_head_chunks_storage_size_bytes', of);
  return divide(add(add(blocks, log), head), above(metric('prometheus_tsdb_retention_limit_bytes', of), 0));
}
