// Metrics that are written as things happen: the hot path of every request, query and job.

import { ROOT_CONTEXT, type Meter } from '@opentelemetry/api';
import type { Kind } from '../catalogue';
import type { Drops } from './drops';
import type { LabelSet, LabelSets } from './label-sets';

export interface Writable {
  readonly kind: Kind;
  readonly labelSets: LabelSets;
  readonly put: (value: number, series: LabelSet) => void;
}

export class Writer {
  readonly #writables = new Map<string, Writable>();

  constructor(private readonly drops: Drops) {}

  /** What was opened under a name. */
  get(name: string): Writable | undefined {
    return this.#writables.get(name);
  }

  /** Makes the instrument of a metric; a counter without labels starts at 0. */
  open(name: string, meter: Meter, kind: Kind, labelSets: LabelSets, options: { description?: string; unit?: string; boundaries?: readonly number[] }): void {
    const writable = { kind, labelSets, put: putterOf(name, meter, kind, options) };
    this.#writables.set(name, writable);
    if (kind === 'counter' && labelSets.names.length === 0) writable.put(0, labelSets.of());
  }

  /** Writes to a metric of at most three labels; one that was not opened, as its family is disabled, takes nothing. */
  write(name: string, value: number, a?: string, b?: string, c?: string): void {
    const writable = this.#writables.get(name);
    if (writable === undefined) return;
    if (isWritable(writable.kind, value)) writable.put(value, writable.labelSets.of(a, b, c));
    else this.drops.count('invalid_value');
  }
}

/** One NaN or Infinity would be a sum's value for ever. */
export function isWritable(kind: Kind, value: number): boolean {
  return Number.isFinite(value) && (kind === 'gauge' || value >= 0);
}

function putterOf(name: string, meter: Meter, kind: Kind, { boundaries, ...options }: { boundaries?: readonly number[] }): Writable['put'] {
  // The context is given, because the SDK would otherwise look up the active one for views that do not ask.
  if (kind === 'counter') {
    const counter = meter.createCounter(name, options);
    return (value, series) => counter.add(value, series.key, ROOT_CONTEXT);
  }
  if (kind === 'gauge') {
    const gauge = meter.createGauge(name, options);
    return (value, series) => gauge.record(value, series.key, ROOT_CONTEXT);
  }
  const advice = boundaries === undefined ? {} : { advice: { explicitBucketBoundaries: [...boundaries] } };
  const histogram = meter.createHistogram(name, { ...options, ...advice });
  return (value, series) => histogram.record(value, series.key, ROOT_CONTEXT);
}
