// Alerts on the monitoring itself: its cost, its losses, and whether monitoring works at all.

import { duration, MINUTE, type MonitoringConfig } from '../config';
import { above, add, divide, increase, metric, not, or, sum, unless, vector, type Vector } from '../promql/build';
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
      description:
        '{{ printf "%.0f" $value }} data points or more were lost by {{ $labels.job }} on {{ $labels.instance }} in the last five minutes.',
    },
    CollectorNotDelivering: {
      expr: undelivered(config),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'Metrics wait in the collector',
      description:
        'Nobody takes what {{ $labels.job }} on {{ $labels.instance }} sends. Its queue keeps it until it is full; meanwhile no graph and no other alert sees it.',
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

/** Without refusals by the receiver: senders keep refused samples and try again. */
const LOSSES = ['otelcol_exporter_send_failed_metric_points', 'otelcol_exporter_enqueue_failed_metric_points'] as const;

/** Batches with something that remote write cannot carry, such as deltas: the sender leaves that out and counts the batch as sent. */
const UNTRANSLATED = 'otelcol_exporter_prometheusremotewrite_failed_translations';

/** The sender's failures are attempts: the queue in front of the sender tries again or gives up, and counts the batches given up. */
const LAST = not('prometheus_remote_write');

/** Each above 0 by itself: a sum with an absent side would hide the losses of the present side. */
function lost(config: MonitoringConfig): Vector<'job' | 'instance'> {
  const failed = LOSSES.flatMap((name) => [metric(name, { exporter: LAST }), metric(`${name}_total`, { exporter: LAST })]);
  const growths = [...failed, metric(UNTRANSLATED), metric(`${UNTRANSLATED}_total`)].map((counter) => {
    const points = growth<string>(counter, config, scrapeWatched(config));
    return above(sum(points as Vector<'job' | 'instance'>, 'job', 'instance'), 0);
  });
  return growths.reduce((one, other) => or(one, other));
}

/** A queue holds something, and for five minutes nothing has left. */
function undelivered(config: MonitoringConfig): Vector<'job' | 'instance' | 'exporter'> {
  const window = duration(5 * MINUTE, config);
  const waiting = above(sum(metric('otelcol_exporter_queue_size'), 'job', 'instance', 'exporter'), 0);
  const left = (['otelcol_exporter_sent_metric_points', 'otelcol_exporter_sent_metric_points_total'] as const).map((name) =>
    above(sum(increase(metric(name), window), 'job', 'instance', 'exporter'), 0),
  );
  return left.reduce((rest, each) => unless(rest, each), waiting);
}

function used({ otherJobs }: MonitoringConfig): Vector<'job' | 'instance'> {
  const of = { job: otherJobs };
  const blocks = metric('prometheus_tsdb_storage_blocks_bytes', of);
  const log = metric('prometheus_tsdb_wal_storage_size_bytes', of);
  const head = metric('prometheus_tsdb_head_chunks_storage_size_bytes', of);
  return divide(add(add(blocks, log), head), above(metric('prometheus_tsdb_retention_limit_bytes', of), 0));
}
