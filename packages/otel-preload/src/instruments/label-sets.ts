// The label sets of one metric or stream, each made once and handed to the SDK as the attributes of a record.
//
// The SDK hashes attributes at every record by sorting and stringifying them: 0.84 µs for three labels. Of a label set it sees
// one small number, and a record costs 0.29 µs; the labels themselves come back at collection, in exposition/.

import type { Attributes } from '@opentelemetry/api';
import { labelPair } from '../exposition/label-text';
import { OTHER, type LabelValues } from './label-caps';

/** One series of a metric: what the SDK stores and hands back, and the labels that it stands for. */
export class LabelSet {
  /** The only enumerable property, so all that the SDK hashes. */
  readonly id: number;
  readonly #names: readonly string[];
  readonly #values: readonly string[];
  #text: string | undefined;

  constructor(id: number, names: readonly string[], values: readonly string[]) {
    this.id = id;
    this.#names = names;
    this.#values = values;
  }

  /** True for attributes that came from here, false for those of other instrumentation. */
  static is(attributes: object): attributes is LabelSet {
    return #values in attributes;
  }

  /** In the order of the metric's labels. */
  get values(): readonly string[] {
    return this.#values;
  }

  /** This very object under the type that the SDK knows. */
  get key(): Attributes {
    return this as unknown as Attributes;
  }

  /** The labels as plain attributes, for exporters that walk them. */
  toAttributes(): Attributes {
    return Object.fromEntries(this.#names.map((name, index) => [name, this.#values[index]]));
  }

  /** `method="GET",status="200"`. Kept from the first scrape on: a label set lives as long as the process. */
  toText(): string {
    this.#text ??= this.#names.map((name, index) => labelPair(name, this.#values[index] as string)).join(',');
    return this.#text;
  }
}

type Branch = Map<string, Branch | LabelSet>;

/** All label sets of one metric or stream; their number is bounded by the caps of its labels. */
export class LabelSets {
  readonly #root: Branch = new Map();
  #size = 0;

  /** @param scope names the budget of values: labels of documented metrics share one by label name, an app's own metric has its own */
  constructor(
    readonly names: readonly string[],
    private readonly caps: LabelValues,
    private readonly scope = '',
  ) {
    if (names.length === 0) this.#root.set('', new LabelSet(0, names, []));
  }

  /** Where a record goes whose labels could not be told. */
  get others(): LabelSet {
    return this.ofAll(this.names.map(() => OTHER));
  }

  /** The label set of up to three values, each capped; the same object for the same values. The hot path. */
  of(a = '', b = '', c = ''): LabelSet {
    let node = this.#root.get(a);
    if (node !== undefined && this.names.length > 1) node = (node as Branch).get(b);
    if (node !== undefined && this.names.length > 2) node = (node as Branch).get(c);
    return (node as LabelSet | undefined) ?? this.ofAll([a, b, c]);
  }

  /** The label set of any number of values, in the order of the names. */
  ofAll(values: readonly string[]): LabelSet {
    const admitted = this.names.map((name, index) => this.caps.admit(name, String(values[index] ?? ''), this.scope));
    let branch = this.#root;
    for (const value of admitted.slice(0, -1)) branch = grow(branch, value);
    const last = admitted.at(-1) ?? '';
    const known = branch.get(last) as LabelSet | undefined;
    if (known !== undefined) return known;
    const made = new LabelSet(this.#size++, this.names, admitted);
    branch.set(last, made);
    return made;
  }
}

function grow(branch: Branch, value: string): Branch {
  let next = branch.get(value) as Branch | undefined;
  if (next === undefined) branch.set(value, (next = new Map()));
  return next;
}
