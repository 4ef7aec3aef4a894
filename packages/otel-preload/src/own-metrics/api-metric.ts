// A metric of the app, made with @opentelemetry/api: the values written to its series, and the values last observed.

import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, type DataPoint, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { lazily } from '../exposition/points';
import { ApiLabels } from './api-labels';
import { now } from './cell-metrics';
import type { Losses } from '../instruments/losses';
import type { Faults } from './faults';
import type { LabelValues } from '../labels/label-caps';
import type { Named } from './metric-names';
import type { SeriesRoom } from './series-room';
import { isWritable } from '../instruments/writer';

export interface ApiSeries {
  readonly attributes: Attributes;
  /** Undefined until the first write: the series may be observed only. For a histogram, the sum. */
  value: number | undefined;
  /** A histogram's buckets, each by itself. */
  readonly counts: number[];
}

export interface ApiLimits {
  readonly labelValues: LabelValues;
  readonly room: SeriesRoom;
  readonly losses: Losses;
  readonly faults: Faults;
}

export class ApiMetric {
  readonly #labels: ApiLabels<ApiSeries>;
  readonly #written: ApiSeries[] = [];
  /** The last collection's observations, by meter: if two meters observe a series, the values add up. */
  readonly observed = new Map<string, Map<ApiSeries, number>>();
  readonly #since = now();

  constructor(
    readonly name: string,
    private readonly help: string,
    readonly named: Named,
    private readonly limits: ApiLimits,
  ) {
    const { boundaries, kind } = named;
    const buckets = kind === 'histogram' ? boundaries.length + 1 : 0;
    const make = (attributes: Attributes): ApiSeries => ({ attributes, value: undefined, counts: Array.from({ length: buckets }, () => 0) });
    this.#labels = new ApiLabels(
      name,
      kind === 'histogram' ? buckets + 2 : 1,
      {
        values: limits.labelValues,
        room: limits.room,
        onWrongValue: () => this.refuse('wrong_use', 'has labels that are no texts, or cannot be read: they count as "other"'),
      },
      make,
    );
  }

  write(value: unknown, attributes: unknown): void {
    if (!this.takes(value)) return;
    const series = this.#labels.of(attributes);
    if (series.value === undefined) this.#written.push(series);
    const { kind, boundaries } = this.named;
    series.value = kind === 'gauge' ? value : (series.value ?? 0) + value;
    if (kind === 'histogram') series.counts[bucketOf(value, boundaries)]! += 1;
  }

  /** Takes an observed value: `folded` adds up the values folded into `other`, except a gauge's; `into` keeps the last value of a series. */
  observe(value: unknown, attributes: unknown, into: Map<ApiSeries, number>, folded: Map<ApiSeries, number>): void {
    if (!this.takes(value)) return;
    const before = this.limits.labelValues.folded;
    const series = this.#labels.of(attributes);
    if (this.named.kind === 'gauge' || this.limits.labelValues.folded === before) into.set(series, value);
    else folded.set(series, (folded.get(series) ?? 0) + value);
  }

  takes(value: unknown): value is number {
    const { kind } = this.named;
    if (isWritable(kind === 'up-down counter' ? 'gauge' : kind, value as number)) return true;
    const above = kind === 'counter' || kind === 'histogram' ? ' from 0 up' : '';
    this.refuse('invalid_value', `is given a value that it cannot take, which is dropped: ${kind}s take finite numbers${above}`);
    return false;
  }

  refuse(reason: string, what: string): void {
    this.limits.losses.count(reason);
    this.limits.faults.say(this.name, what);
  }

  /** The metric's series: a part for the written values, and a part for each observing meter. */
  collect(): MetricData[] {
    const at = now();
    const parts = [...this.observed.values()].map((values) =>
      lazily(this.#empty(), { size: values.size, [Symbol.iterator]: () => this.#observedPoints(values, at) }),
    );
    const written = this.#written;
    if (written.length > 0) parts.unshift(lazily(this.#empty(), { size: written.length, [Symbol.iterator]: () => this.#writtenPoints(at) }));
    return parts;
  }

  *#writtenPoints(at: HrTime): Iterator<DataPoint<unknown>> {
    const { kind, boundaries } = this.named;
    for (const { attributes, value, counts } of this.#written) {
      const shown =
        kind === 'histogram'
          ? { buckets: { boundaries, counts: [...counts] }, sum: value, count: counts.reduce((sum, count) => sum + count) }
          : value;
      yield { attributes, startTime: this.#since, endTime: at, value: shown };
    }
  }

  *#observedPoints(values: ReadonlyMap<ApiSeries, number>, at: HrTime): Iterator<DataPoint<unknown>> {
    for (const [{ attributes }, value] of values) yield { attributes, startTime: this.#since, endTime: at, value };
  }

  #empty(): MetricData {
    const { name, help } = this;
    const { kind } = this.named;
    const data = {
      descriptor: { name, description: help || 'No description.', unit: '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: [],
    };
    if (kind === 'histogram') return { ...data, dataPointType: DataPointType.HISTOGRAM };
    if (kind === 'gauge') return { ...data, dataPointType: DataPointType.GAUGE };
    return { ...data, dataPointType: DataPointType.SUM, isMonotonic: kind === 'counter' };
  }
}

function bucketOf(value: number, boundaries: readonly number[]): number {
  let bucket = 0;
  while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket += 1;
  return bucket;
}
