// Catalogue → SDK views: the documented name of each stream, its buckets, its labels, and room for all its series.

import type { Attributes } from '@opentelemetry/api';
import { AggregationType, type AggregationOption, type IAttributesProcessor, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { catalogue, type Metric, type MetricName, type StreamName } from '../catalogue';
import type { Config } from '../config';
import { reason, sayOnce } from '../log';
import { LabelSet, type LabelSets } from '../labels/label-sets';
import { METER, streams, type Stream } from './streams';

/** The SDK counts a limit's worth of series and then loses all labels: ours are bounded before, by the caps of their labels. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

const isDisabled = (config: Config, name: MetricName): boolean => config.disabled.has(catalogue[name].family);

/** The upper bounds of a histogram's buckets, in the metric's own unit. */
export function boundariesOf(config: Config, name: MetricName): readonly number[] {
  return config.boundaries[name] ?? (catalogue[name] as Metric).boundaries ?? [];
}

/**
 * All views. A metric of a disabled family has no view, and the records of a stream whose documented histogram is disabled are dropped.
 *
 * @param labelSetsOf each stream
 * @param onFault called when attributes could not be mapped; the record is then kept under `other`
 */
export function viewsOf(config: Config, labelSetsOf: (name: StreamName) => LabelSets, onFault: () => void): ViewOptions[] {
  const ofStreams = (Object.keys(streams) as StreamName[]).flatMap((name) => streamViews(config, name, labelSetsOf(name), onFault));
  const own = { meterName: METER, aggregationCardinalityLimit: UNLIMITED };
  const ofMetrics = (Object.keys(catalogue) as MetricName[])
    .filter((name) => needsView(catalogue[name]) && !isDisabled(config, name))
    .map((name) => ({ ...own, instrumentName: name, aggregation: aggregationOf(config, name) }));
  return [...ofStreams, ...ofMetrics];
}

/** A metric with a single series and no buckets works the same without a view. Each view costs: the SDK compares every instrument with every view. */
function needsView({ source, kind, labels }: Metric): boolean {
  return source.from !== 'stream' && (kind === 'histogram' || labels.length > 0);
}

function aggregationOf(config: Config, name: MetricName): AggregationOption {
  return catalogue[name].kind === 'histogram' ? buckets(boundariesOf(config, name)) : { type: AggregationType.DEFAULT };
}

function streamViews(config: Config, name: StreamName, labelSets: LabelSets, onFault: () => void): ViewOptions[] {
  const { metric, stock } = streams[name];
  const meters = stock === undefined ? [METER] : [METER, stock.meter];
  if (isDisabled(config, metric))
    return meters.map((meterName) => ({ instrumentName: name, meterName, aggregation: { type: AggregationType.DROP } }));
  return meters.map((meterName) => ({
    instrumentName: name,
    meterName,
    name: metric,
    description: catalogue[metric].help,
    // Recorded against seconds; the configured ms are printed, because multiplying back is inexact for some integers.
    aggregation: buckets(boundariesOf(config, metric).map((ms) => ms / 1000)),
    attributesProcessors: [new DocumentedLabels(streams[name], labelSets, onFault)],
    aggregationCardinalityLimit: UNLIMITED,
  }));
}

function buckets(boundaries: readonly number[]): AggregationOption {
  return { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [...boundaries], recordMinMax: false } };
}

/** Semantic-convention attributes → a documented label set. Must not throw: the app would get the exception. */
class DocumentedLabels implements IAttributesProcessor {
  constructor(
    private readonly stream: Stream,
    private readonly labelSets: LabelSets,
    private readonly onFault: () => void,
  ) {}

  process(attributes: Attributes): Attributes {
    if (LabelSet.is(attributes)) return attributes.key;
    try {
      return this.labelSets.ofAll(this.stream.stock?.valuesOf(attributes) ?? []).key;
    } catch (thrown) {
      this.onFault();
      sayOnce(`labels ${this.stream.metric}`, `${this.stream.metric}: attributes could not be mapped, counted under "other": ${reason(thrown)}`);
      return this.labelSets.others.key;
    }
  }
}
