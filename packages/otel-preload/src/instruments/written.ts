// Metrics that are written as things happen: the hot path of every request, query and job.

import { type Counter, type Gauge, type Histogram, type Meter, ROOT_CONTEXT } from '@opentelemetry/api';
import type { MetricName, StreamName } from '../catalogue';
import { catalogue } from '../catalogue';
import type { Drops } from './drops';
import type { LabelSets } from './label-sets';

interface Written<I> {
  readonly instrument: I;
  readonly labelSets: LabelSets;
}

/** The context is given, because the SDK would otherwise look the active one up for views that do not ask. */
const context = ROOT_CONTEXT;

export class Writer {
  readonly #counters = new Map<string, Written<Counter>>();
  readonly #recorders = new Map<string, Written<Histogram | Gauge>>();

  constructor(
    private readonly meter: Meter,
    private readonly drops: Drops,
  ) {}

  /** Creates the instrument of a catalogue metric; a counter without labels starts at 0. */
  open(name: MetricName, labelSets: LabelSets): void {
    const { kind, help: description } = catalogue[name];
    if (kind === 'counter') {
      this.#counters.set(name, { instrument: this.meter.createCounter(name, { description }), labelSets });
      if (labelSets.names.length === 0) this.add(name, 0);
      return;
    }
    const instrument = kind === 'gauge' ? this.meter.createGauge(name, { description }) : this.meter.createHistogram(name, { description });
    this.#recorders.set(name, { instrument, labelSets });
  }

  openStream(name: StreamName, labelSets: LabelSets): void {
    this.#recorders.set(name, { instrument: this.meter.createHistogram(name, { unit: 's' }), labelSets });
  }

  add(name: string, value: number, a?: string, b?: string, c?: string): void {
    const counter = this.#counters.get(name);
    if (counter === undefined) return;
    // One NaN or Infinity would be the counter's value for ever.
    if (value >= 0 && value < Infinity) counter.instrument.add(value, counter.labelSets.of(a, b, c).key, context);
    else this.drops.count('invalid_value');
  }

  record(name: string, value: number, a?: string, b?: string, c?: string): void {
    const recorder = this.#recorders.get(name);
    if (recorder === undefined) return;
    if (value > -Infinity && value < Infinity) recorder.instrument.record(value, recorder.labelSets.of(a, b, c).key, context);
    else this.drops.count('invalid_value');
  }
}
