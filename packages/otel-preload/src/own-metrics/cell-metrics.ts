// The app's declared metrics as metric data, beside the SDK's metric data.

import { type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Kind } from '../catalogue';
import { lazily } from '../exposition/points';
import type { OwnMetric } from '../preloaded';
import { Cells } from './cells';
import type { LabelValues } from '../labels/label-caps';
import { LabelTable } from '../labels/label-table';
import type { SeriesRoom } from './series-room';
import type { Writable } from '../instruments/writer';

interface Kept {
  readonly data: MetricData;
  readonly table: LabelTable;
  readonly cells: Cells;
  readonly since: HrTime;
}

export class CellMetrics {
  readonly #kept: Kept[] = [];

  constructor(
    private readonly labelValues: LabelValues,
    private readonly room: SeriesRoom,
  ) {}

  /** @param boundaries of a histogram, ascending */
  open(name: string, metric: OwnMetric, boundaries: readonly number[]): Writable {
    const { kind, labels } = metric;
    const lines = kind === 'histogram' ? boundaries.length + 3 : 1;
    const table = new LabelTable(
      labels,
      (label, value, known) => this.labelValues.admitOwn(`${name}{${labels[label]}}`, value, known),
      (size, length) => this.room.take(size, name.length + length, lines) || this.labelValues.foldSeries(name, this.room.ofOne),
    );
    const cells = new Cells(table, kind === 'histogram' ? boundaries : undefined);
    this.#kept.push({ data: emptyData(name, metric), table, cells, since: now() });
    const write = writeOf(kind, cells);
    return {
      kind,
      labels,
      put: (value, a, b, c) => write(value, table.rowOf(a, b, c)),
      putAll: (value, values) => write(value, table.rowOfAll(values)),
    };
  }

  /** Every metric with series, with totals. */
  collect(): MetricData[] {
    const at = now();
    return this.#kept.filter(({ table }) => table.size > 0).map(({ data, cells, since }) => lazily(data, cells.points(since, at)));
  }
}

function writeOf(kind: Kind, cells: Cells): (value: number, row: number) => void {
  if (kind === 'counter') return (value, row) => cells.add(value, row);
  return kind === 'gauge' ? (value, row) => cells.set(value, row) : (value, row) => cells.observe(value, row);
}

function emptyData(name: string, { kind, help }: OwnMetric): MetricData {
  const data = {
    descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: [],
  };
  if (kind === 'counter') return { ...data, dataPointType: DataPointType.SUM, isMonotonic: true };
  return { ...data, dataPointType: kind === 'gauge' ? DataPointType.GAUGE : DataPointType.HISTOGRAM };
}

export function now(): HrTime {
  const ms = Date.now();
  return [Math.trunc(ms / 1000), (ms % 1000) * 1e6];
}
