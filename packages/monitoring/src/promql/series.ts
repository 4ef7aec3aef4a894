// Every series name for queries, with its labels: of the catalogue, of Prometheus and the collector, and our records.

import { catalogue, type Catalogue, type LabelOf, type Metric, type MetricName } from '@earntrack/otel-preload/catalogue';
import { records } from './records';

/** The labels that Prometheus adds to every scraped series; a push carries them as well. */
export const TARGET_LABELS = ['job', 'instance'] as const;
export type TargetLabel = (typeof TARGET_LABELS)[number];

/** Series of other programs. Names as of Prometheus 2.42 to 3.16 and collector 0.155. */
export const foreign = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
  prometheus_tsdb_storage_blocks_bytes: [],
  prometheus_tsdb_wal_storage_size_bytes: [],
  prometheus_tsdb_head_chunks_storage_size_bytes: [],
  prometheus_tsdb_retention_limit_bytes: [],
  // Without _total as the shipped collector exposes them, with _total where the collector's reader is set up differently.
  otelcol_exporter_send_failed_metric_points: ['exporter'],
  otelcol_exporter_send_failed_metric_points_total: ['exporter'],
  otelcol_exporter_enqueue_failed_metric_points: ['exporter'],
  otelcol_exporter_enqueue_failed_metric_points_total: ['exporter'],
  otelcol_exporter_prometheusremotewrite_failed_translations: ['exporter'],
  otelcol_exporter_prometheusremotewrite_failed_translations_total: ['exporter'],
  otelcol_exporter_sent_metric_points: ['exporter'],
  otelcol_exporter_sent_metric_points_total: ['exporter'],
  otelcol_exporter_queue_size: ['exporter'],
} as const;

type HistogramName = { [N in MetricName]: Catalogue[N]['kind'] extends 'histogram' ? N : never }[MetricName];
type PlainName = Exclude<MetricName, HistogramName>;

type SeriesLabels = { readonly [N in PlainName]: LabelOf<N> | TargetLabel } & {
  readonly [N in HistogramName as `${N}_bucket`]: LabelOf<N> | TargetLabel | 'le';
} & { readonly [N in HistogramName as `${N}_count` | `${N}_sum`]: LabelOf<N> | TargetLabel } & {
  readonly [N in keyof typeof foreign]: (typeof foreign)[N][number] | TargetLabel;
} & { readonly [N in keyof typeof records]: (typeof records)[N][number] };

export type SeriesName = keyof SeriesLabels;
/** The label names of a series, as a union. */
export type LabelsOf<N extends SeriesName> = SeriesLabels[N];

const table = new Map<string, readonly string[]>([
  ...Object.entries<Metric>(catalogue).flatMap(([name, { kind, labels }]) => exposed(name, kind === 'histogram', [...labels, ...TARGET_LABELS])),
  ...Object.entries(foreign).map(([name, labels]) => [name, [...labels, ...TARGET_LABELS]] as const),
  ...Object.entries(records),
]);

function exposed(name: string, isHistogram: boolean, labels: string[]): (readonly [string, string[]])[] {
  if (!isHistogram) return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_count`, labels],
    [`${name}_sum`, labels],
  ];
}

/** The labels of a series; undefined if there is no such series. */
export function labelsOf(name: string): readonly string[] | undefined {
  return table.get(name);
}
