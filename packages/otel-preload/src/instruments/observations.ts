// Metrics read at collection: a single callback reads them all, and an error in a metric leaves out this metric alone.

import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { catalogue, type MetricName } from '../catalogue';
import { reason, sayOnce } from '../log';
import type { LabelSet, LabelSets } from '../labels/label-sets';

/** Writes a value of a series. Values of the same series add up, such as two pools with the same name. */
type Write = (value: number, ...labels: string[]) => void;
type Read = (write: Write) => void;

interface Observed {
  readonly reads: Read[];
  /** The values read by the last collection. */
  values: ReadonlyMap<LabelSet, number>;
}

export class Observations {
  readonly #observed: ReadonlyMap<MetricName, Observed>;
  #isOpen = false;

  /**
   * @param names the metrics to observe; a metric that counts faults of this class must come last to be up to date
   * @param onFault called when a read threw
   */
  constructor(
    private readonly meter: Meter,
    names: readonly MetricName[],
    private readonly labelSetsOf: (name: MetricName) => LabelSets,
    private readonly onFault: () => void,
  ) {
    this.#observed = new Map(names.map((name) => [name, { reads: [], values: new Map() }]));
  }

  /** Makes the instruments, before the first collection: none is needed earlier, and there are dozens. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const instruments = new Map([...this.#observed.keys()].map((name) => [name, this.#instrumentOf(name)]));
    this.meter.addBatchObservableCallback((result) => this.#readAll(result, instruments), [...instruments.values()]);
  }

  #instrumentOf(name: MetricName): Observable {
    const { kind, help: description } = catalogue[name];
    return kind === 'counter' ? this.meter.createObservableCounter(name, { description }) : this.meter.createObservableGauge(name, { description });
  }

  add(name: MetricName, read: Read): void {
    this.#observed.get(name)?.reads.push(read);
  }

  /** False for a series unread by the last collection: the SDK would report the series' last value for ever. */
  isCurrent(name: MetricName, series: LabelSet): boolean {
    return this.#observed.get(name)?.values.has(series) ?? false;
  }

  #readAll(result: BatchObservableResult, instruments: ReadonlyMap<MetricName, Observable>): void {
    for (const [name, instrument] of instruments) {
      const observed = this.#observed.get(name)!;
      observed.values = this.#read(name, observed);
      for (const [series, value] of observed.values) result.observe(instrument, value, series.key);
    }
  }

  #read(name: MetricName, { reads }: Observed): ReadonlyMap<LabelSet, number> {
    const values = new Map<LabelSet, number>();
    const labelSets = this.labelSetsOf(name);
    const write: Write = (value, ...labels) => {
      const series = labelSets.ofAll(labels);
      values.set(series, (values.get(series) ?? 0) + value);
    };
    try {
      for (const read of reads) read(write);
      return values;
    } catch (thrown) {
      this.onFault();
      sayOnce(`reading ${name}`, `${name} could not be read and is left out while that lasts: ${reason(thrown)}`);
      return new Map();
    }
  }
}
