// The label sets of one metric or stream, each made once and handed to the SDK as the attributes of a record.
//
// The SDK hashes attributes at every record by sorting and stringifying them: 0.84 µs for three labels, 0.4 µs for the one small number
// that it sees of a label set. In the bundle (scripts/bundle.mjs) it takes that number as the hash, and a record costs 0.13 µs. The labels
// themselves come back at collection, in exposition/.

import type { Attributes } from '@opentelemetry/api';
import { labelPair } from './label-text';
import { OTHER, type LabelValues } from './label-caps';
import { LabelTable } from './label-table';

/** Under which the SDK's hashing in the bundle finds a label set's number; scripts/bundle.mjs takes it from here. */
export const NUMBER = Symbol.for('@earntrack/otel-preload/label-set');

/** One series of a metric: what the SDK stores and hands back, and the labels that it stands for. */
export class LabelSet {
  /** The row in its table. The only enumerable property, so all that the SDK hashes. */
  readonly row: number;
  readonly #table: LabelTable;

  constructor(row: number, table: LabelTable) {
    this.row = row;
    this.#table = table;
  }

  /** True for attributes that came from here, false for those of other instrumentation. */
  static is(attributes: object): attributes is LabelSet {
    return #table in attributes;
  }

  get [NUMBER](): number {
    return this.row;
  }

  /** This very object under the type that the SDK knows. */
  get key(): Attributes {
    return this as unknown as Attributes;
  }

  /** A label's value, by the label's place in the metric's labels. */
  value(label: number): string {
    return this.#table.value(this.row, label);
  }

  /** The labels as plain attributes, for exporters that walk them. */
  toAttributes(): Attributes {
    return Object.fromEntries(this.#table.names.map((name, label) => [name, this.value(label)]));
  }

  /** `method="GET",status="200"` */
  toText(): string {
    const { names } = this.#table;
    let text = '';
    for (let label = 0; label < names.length; label += 1) text += `${label === 0 ? '' : ','}${labelPair(names[label] as string, this.value(label))}`;
    return text;
  }
}

/** All label sets of one metric or stream; their number is bounded by the caps of its labels. */
export class LabelSets {
  readonly #table: LabelTable;
  readonly #sets: LabelSet[] = [];

  constructor(
    readonly names: readonly string[],
    caps: LabelValues,
  ) {
    this.#table = new LabelTable(names, (label, value) => caps.admit(names[label] as string, value));
  }

  /** Where a record goes whose labels could not be told. */
  get others(): LabelSet {
    return this.ofAll(this.names.map(() => OTHER));
  }

  /** The label set of up to three values, each capped; the same object for the same values. The hot path. */
  of(a?: string, b?: string, c?: string): LabelSet {
    return this.#at(this.#table.rowOf(a, b, c));
  }

  /** The label set of any number of values, in the order of the names. */
  ofAll(values: readonly string[]): LabelSet {
    return this.#at(this.#table.rowOfAll(values));
  }

  #at(row: number): LabelSet {
    return (this.#sets[row] ??= new LabelSet(row, this.#table));
  }
}
