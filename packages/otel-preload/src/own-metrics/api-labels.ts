// The series of an app's metric made with @opentelemetry/api. Attributes of any shape lead to a series; the number and the length of all parts are
// bounded. A record without room is never lost: the record counts under `other`, or without a label.

import type { Attributes } from '@opentelemetry/api';
import { labelName } from '../exposition/foreign';
import { labelPair } from '../labels/label-text';
import { compact } from '../labels/compact';
import { type LabelValues, MOST_LABELS, OTHER } from '../labels/label-caps';
import { labelTextOf, LONGEST } from '../labels/label-values';
import type { SeriesRoom } from './series-room';

/** Attributes read from a record: OpenTelemetry's own limit. Further attributes are ignored. */
const MOST_ATTRIBUTES = 128;
/** A longer key is no name. */
const LONGEST_KEY = 200;

interface Label {
  readonly name: string;
  /** Where its value stands among those of a record. */
  readonly place: number;
  /** Values as they were admitted. */
  readonly known: Map<string, string>;
}

interface Limits {
  readonly values: LabelValues;
  readonly room: SeriesRoom;
  /** Called for a value that cannot be a label's value. */
  readonly onWrongValue: () => void;
}

export class ApiLabels<S> {
  readonly #byKey = new Map<string, Label>();
  readonly #labels: Label[] = [];
  readonly #series = new Map<string, S>();
  #others: S | undefined;

  /**
   * @param lines of text to a series
   * @param make a new series, of valid labels without empty values
   */
  constructor(
    private readonly metric: string,
    private readonly lines: number,
    private readonly limits: Limits,
    private readonly make: (labels: Attributes) => S,
  ) {}

  /** The series of the given attributes; the same series for the same labels. Never throws. */
  of(given: unknown): S {
    const texts: string[] = [];
    for (const key of this.#keysOf(given)) this.#take(key, given as Attributes, texts);
    const text = this.#textOf(texts);
    return this.#series.get(text) ?? this.#add(text, texts);
  }

  #keysOf(given: unknown): readonly string[] {
    if (typeof given !== 'object' || given === null) return [];
    try {
      const keys = Object.keys(given);
      if (keys.length > MOST_ATTRIBUTES) this.limits.values.foldName(this.metric);
      // Sorted: two keys can become the same label, with both values in the keys' order.
      return keys.slice(0, MOST_ATTRIBUTES).sort();
    } catch {
      this.limits.onWrongValue();
      return [];
    }
  }

  #take(key: string, given: Attributes, texts: string[]): void {
    const label = this.#byKey.get(key) ?? this.#addKey(key);
    if (label === undefined) return;
    const value = this.#valueOf(label, key, given);
    const before = texts[label.place];
    texts[label.place] = before === undefined || before === '' ? value : value === '' ? before : `${before};${value}`;
  }

  #addKey(key: string): Label | undefined {
    if (this.#byKey.size >= MOST_LABELS || key.length > LONGEST_KEY) {
      this.limits.values.foldName(this.metric);
      return undefined;
    }
    const name = labelName(key);
    let label = this.#labels.find((known) => known.name === name);
    if (label === undefined) this.#labels.push((label = { name, place: this.#labels.length, known: new Map() }));
    this.#byKey.set(key, label);
    return label;
  }

  #valueOf(label: Label, key: string, given: Attributes): string {
    let text: string | undefined;
    try {
      text = labelTextOf(given[key]);
    } catch {
      // The app's own code, in a getter or a Proxy.
    }
    if (text === '') return '';
    if (text === undefined) {
      this.limits.onWrongValue();
      return OTHER;
    }
    return label.known.get(text) ?? this.#admit(label, text);
  }

  #admit({ name, known }: Label, text: string): string {
    const whole = text.length > LONGEST ? text : compact(text);
    const kept = known.has(whole) ? whole : this.limits.values.admitOwn(`${this.metric}{${name}}`, whole, known);
    known.set(kept, kept);
    return kept;
  }

  /** Leaves out empty values: to Prometheus, an empty label is no label. */
  #textOf(texts: readonly (string | undefined)[]): string {
    let text = '';
    for (const { name, place } of this.#labels) {
      const value = texts[place];
      if (value !== undefined && value !== '') text += `${text === '' ? '' : ','}${labelPair(name, value)}`;
    }
    return text;
  }

  #add(text: string, texts: readonly (string | undefined)[]): S {
    const { room, values } = this.limits;
    if (room.take(this.#series.size, this.metric.length + Buffer.byteLength(text), this.lines)) return this.#keep(text, texts);
    values.foldSeries(this.metric, room.ofOne);
    return (this.#others ??= this.#seriesOfOthers());
  }

  /** Made without asking for room: a metric has at most a single such series. */
  #seriesOfOthers(): S {
    const texts = this.#labels.map(() => OTHER);
    const text = this.#textOf(texts);
    return this.#series.get(text) ?? this.#keep(text, texts);
  }

  #keep(text: string, texts: readonly (string | undefined)[]): S {
    const labels = this.#labels.flatMap(({ name, place }) => (texts[place] ? [[name, texts[place]] as const] : []));
    // oxlint-disable-next-line no-array-sort -- toSorted() needs Node 20
    const series = this.make(Object.fromEntries(labels.sort(([one], [other]) => (one < other ? -1 : 1))));
    this.#series.set(text, series);
    return series;
  }
}
