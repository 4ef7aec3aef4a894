// What is pushed: the documented metrics of the same collections that scrapes are answered from, with plain attributes for a
// serializer to walk, as totals or as deltas, in batches that are small enough to be written without a stall.
//
// Not a second reader of the SDK: one that nobody asks, as when nobody scrapes, keeps all that others have collected since; with
// 500 series that was 380 KB a collection, for ever.

import { type CollectionResult, type DataPoint, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../labels/label-sets';
import { asDeltas, Deltas, type PendingTotals } from './deltas';
import { pointsOf, withPoints } from './points';
import { Slices } from './slices';

/** Points to a batch: some 300 KB of histograms, which take a few ms to write; collectors refuse more than 20 MiB. */
const BATCH = 1000;

export interface Batch {
  readonly scopeMetrics: ScopeMetrics[];
  /** How many points there are in it. */
  readonly points: number;
  /** To be called once it has arrived. Until then what its deltas tell is part of later ones, too. */
  readonly delivered: () => void;
}

export interface Wanted {
  /** What came since the last time, in the place of totals. Counted for each feed apart. */
  readonly deltas: boolean;
  /** What is of the moment, beside what is counted. */
  readonly gauges: boolean;
}

/** One collection. A batch has to be done with before the next one is asked for. */
export type Feed = () => AsyncIterable<Batch>;

export function feedOf(collect: () => Promise<CollectionResult>, wanted: Wanted): Feed {
  const known = new Map<string, Deltas>();
  const deltasOf = (metric: MetricData): Deltas | undefined => {
    if (!wanted.deltas || !isTotal(metric)) return undefined;
    const { name } = metric.descriptor;
    const deltas = known.get(name) ?? new Deltas();
    known.set(name, deltas);
    return deltas;
  };
  return async function* () {
    const { resourceMetrics } = await collect();
    const slices = new Slices();
    for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
      let parts: Part[] = [];
      let points = 0;
      for (const metric of wanted.gauges ? metrics : metrics.filter(isTotal)) {
        let part = new Part(metric, deltasOf(metric));
        parts.push(part);
        for (const point of pointsOf(metric)) {
          if (part.take(point)) points += 1;
          if (slices.due) await slices.rest();
          if (points < BATCH) continue;
          yield batchOf(scope, parts, points);
          part = new Part(metric, deltasOf(metric));
          parts = [part];
          points = 0;
        }
      }
      if (points > 0) yield batchOf(scope, parts, points);
    }
  };
}

/** What only grows. Of anything else, as a gauge or a sum that goes down, there is nothing but its value. */
function isTotal(metric: MetricData): boolean {
  return metric.dataPointType === DataPointType.HISTOGRAM || (metric.dataPointType === DataPointType.SUM && metric.isMonotonic);
}

/** Points of one metric, and what of it is under way with them. */
class Part {
  readonly #points: DataPoint<unknown>[] = [];
  readonly #pending: PendingTotals = new Map();

  constructor(
    private readonly metric: MetricData,
    private readonly deltas: Deltas | undefined,
  ) {}

  /** False if the point tells nothing new. */
  take({ attributes, startTime, endTime, value }: DataPoint<unknown>): boolean {
    const total = { attributes: LabelSet.is(attributes) ? attributes.toAttributes() : attributes, startTime, endTime, value };
    const point = this.deltas === undefined ? total : this.deltas.of(total, this.#pending);
    if (point !== undefined) this.#points.push(point);
    return point !== undefined;
  }

  /** None, or the metric with its points. */
  metrics(): MetricData[] {
    if (this.#points.length === 0) return [];
    const metric = withPoints(this.metric, this.#points);
    return [this.deltas === undefined ? metric : asDeltas(metric)];
  }

  delivered(): void {
    this.deltas?.delivered(this.#pending);
  }
}

function batchOf(scope: ScopeMetrics['scope'], parts: readonly Part[], points: number): Batch {
  const metrics = parts.flatMap((part) => part.metrics());
  return { scopeMetrics: [{ scope, metrics }], points, delivered: () => parts.forEach((part) => part.delivered()) };
}
