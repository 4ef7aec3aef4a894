// The data of a push: documented metrics from the same collections as the scrapes, with plain attributes for a serializer to walk,
// as totals or as deltas. Batches are small enough to serialize without a stall.
//
// A feed is not a second reader of the SDK: the SDK keeps for a reader all collected data until the reader asks. With 500 series
// and nobody scraping, the data grew by 380 KB a collection, for ever.

import { type CollectionResult, type DataPoint, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { LabelSet } from '../labels/label-sets';
import { asDeltas, Deltas, type PendingTotals } from './deltas';
import { pointsOf, withPoints } from './points';
import { Slices } from './slices';

/** Points in a batch: some 300 KB of histograms, serialized in a few ms; collectors refuse more than 20 MiB. */
const BATCH = 1000;

export interface Batch {
  readonly scopeMetrics: ScopeMetrics[];
  /** The number of points in the batch. */
  readonly points: number;
  /** Call once the batch has arrived. Until then, later batches repeat the deltas of the batch. */
  readonly delivered: () => void;
}

export interface Wanted {
  /** The increase since the last delivery, in place of totals. Each feed has a last delivery of its own. */
  readonly deltas: boolean;
  /** Include values of the moment (gauges, sums that can fall), beside counters and histograms. */
  readonly gauges: boolean;
}

/** Starts a collection. Finish with a batch before taking the next. */
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

/** True for metrics that only grow. A gauge, or a sum that can fall, has a value and no increase. */
function isTotal(metric: MetricData): boolean {
  return metric.dataPointType === DataPointType.HISTOGRAM || (metric.dataPointType === DataPointType.SUM && metric.isMonotonic);
}

/** Points of a metric for a batch, with the totals to remember once the batch is delivered. */
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
