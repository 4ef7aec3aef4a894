// Metrics that are read when they are collected: all in one callback, each guarded by itself.

import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { catalogue, type MetricName } from '../catalogue';
import { reason, sayOnce } from '../log';
import type { LabelSet, LabelSets } from './label-sets';

/** Writes one value of a series; values of the same series add up, as those of two pools with one name. */
type Write = (value: number, ...labels: string[]) => void;
type Read = (write: Write) => void;

interface Observed {
  readonly instrument: Observable;
  readonly labelSets: LabelSets;
  readonly reads: Read[];
  /** What the last collection read. */
  values: ReadonlyMap<LabelSet, number>;
}

export class Observations {
  readonly #observed = new Map<MetricName, Observed>();

  /**
   * @param names the metrics to observe; one that counts what goes wrong here must come last to be up to date
   * @param onFault told when a read threw
   */
  constructor(
    meter: Meter,
    names: readonly MetricName[],
    labelSets: Readonly<Record<MetricName, LabelSets>>,
    private readonly onFault: () => void,
  ) {
    for (const name of names) {
      const options = { description: catalogue[name].help };
      const instrument =
        catalogue[name].kind === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
      this.#observed.set(name, { instrument, labelSets: labelSets[name], reads: [], values: new Map() });
    }
    meter.addBatchObservableCallback(
      (result) => this.#readAll(result),
      [...this.#observed.values()].map(({ instrument }) => instrument),
    );
  }

  add(name: MetricName, read: Read): void {
    this.#observed.get(name)?.reads.push(read);
  }

  /** False for a series that the last collection did not read: the SDK would report its last value for ever. */
  isCurrent(name: MetricName, series: LabelSet): boolean {
    return this.#observed.get(name)?.values.has(series) ?? false;
  }

  #readAll(result: BatchObservableResult): void {
    for (const [name, observed] of this.#observed) {
      observed.values = this.#read(name, observed);
      for (const [series, value] of observed.values) result.observe(observed.instrument, value, series.key);
    }
  }

  #read(name: MetricName, { reads, labelSets }: Observed): ReadonlyMap<LabelSet, number> {
    const values = new Map<LabelSet, number>();
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
