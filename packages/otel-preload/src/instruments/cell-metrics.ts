// The app's own metrics as metric data, beside what the SDK collects: totals, or deltas for a reader that wants them.

import { type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type IMetricReader, InstrumentType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Kind } from '../catalogue';
import { lazily, withPoints } from '../exposition/points';
import type { OwnMetric } from '../preloaded';
import { Cells } from './cells';
import type { OwnLabelValues } from './label-caps';
import type { Writable } from './written';

interface Kept {
  readonly data: MetricData;
  readonly type: InstrumentType;
  readonly cells: Cells;
  readonly since: HrTime;
  /** What each reader of deltas has been told, and when. */
  readonly told: WeakMap<IMetricReader, { readonly snapshot: readonly Float64Array[]; readonly at: HrTime }>;
}

export class CellMetrics {
  readonly #kept: Kept[] = [];

  open(name: string, { kind, help, labels }: OwnMetric, boundaries: readonly number[], budget: OwnLabelValues): Writable {
    const cells = new Cells(labels, budget, kind === 'histogram' ? boundaries : undefined);
    this.#kept.push({ ...shapeOf(name, kind, help), cells, since: now(), told: new WeakMap() });
    const write = (kind === 'counter' ? cells.add : kind === 'gauge' ? cells.set : cells.observe).bind(cells);
    return {
      kind,
      labels,
      put: (value, a, b, c) => write(value, cells.rows.of(a, b, c)),
      putAll: (value, values) => write(value, cells.rows.ofAll(values)),
    };
  }

  /** Metrics that have something to tell this reader. */
  collect(reader: IMetricReader): MetricData[] {
    const at = now();
    return this.#kept.flatMap((kept) => (isDelta(kept, reader) ? deltaOf(kept, reader, at) : totalOf(kept, at)));
  }
}

function totalOf({ data, cells, since }: Kept, at: HrTime): MetricData[] {
  const points = cells.points(since, at);
  return points.size === 0 ? [] : [lazily(data, points)];
}

function deltaOf({ data, cells, since, told }: Kept, reader: IMetricReader, at: HrTime): MetricData[] {
  const last = told.get(reader) ?? { snapshot: [], at: since };
  const points = cells.since(last.snapshot, last.at, at);
  told.set(reader, { snapshot: cells.snapshot(), at });
  return points.length === 0 ? [] : [{ ...withPoints(data, points), aggregationTemporality: AggregationTemporality.DELTA }];
}

function isDelta({ type }: Kept, reader: IMetricReader): boolean {
  return type !== InstrumentType.GAUGE && reader.selectAggregationTemporality(type) === AggregationTemporality.DELTA;
}

function shapeOf(name: string, kind: Kind, description: string): Pick<Kept, 'data' | 'type'> {
  const base = {
    descriptor: { name, description, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: [],
  };
  if (kind === 'counter') return { type: InstrumentType.COUNTER, data: { ...base, dataPointType: DataPointType.SUM, isMonotonic: true } };
  if (kind === 'gauge') return { type: InstrumentType.GAUGE, data: { ...base, dataPointType: DataPointType.GAUGE } };
  return { type: InstrumentType.HISTOGRAM, data: { ...base, dataPointType: DataPointType.HISTOGRAM } };
}

function now(): HrTime {
  const ms = Date.now();
  return [Math.trunc(ms / 1000), (ms % 1000) * 1e6];
}
