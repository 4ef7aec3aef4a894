// Finds the row of a series by label values, and the values by row, in little memory: each value is kept once, and a series is a few numbers.
//
// Nested maps, a level for each label, would be simpler and no faster, but take 300 bytes a series if each series has a first label
// value of its own.

import { compact } from './compact';
import { OTHER } from './label-caps';
import { LONGEST } from './label-values';

/** The number of rows with room at first. */
const ROOM = 16;
/** A table has at least this many columns, so that a look-up need not ask for the number; columns without a label stay empty. */
const COLUMNS = 3;

/** The table's knowledge of a label. */
interface Column {
  /** The numbers of its values, from 0 up. */
  readonly ids: Map<string, number>;
  readonly values: string[];
  /** The number of its value in each row. */
  rows: Uint32Array;
}

export class LabelTable {
  readonly #columns: readonly Column[];
  readonly #a: Column;
  readonly #b: Column;
  readonly #c: Column;
  /** Open addressing: the hash of a row's values names a place, and the row's number plus 1 stands in the first free place from there. */
  #places = new Int32Array(2 * ROOM);
  #size = 0;
  #others: number | undefined;

  /**
   * @param admit returns a new value as the table may record the value, within the label's cap
   * @param hasRoom for a new row: if not, the record goes to the row with the value `other` for every label
   */
  constructor(
    readonly names: readonly string[],
    private readonly admit: (label: number, value: string, known: ReadonlyMap<string, number>) => string,
    private readonly hasRoom: (size: number, labels: number) => boolean = () => true,
  ) {
    const columns = Array.from({ length: Math.max(COLUMNS, names.length) }, () => ({ ids: new Map(), values: [], rows: new Uint32Array(ROOM) }));
    [this.#a, this.#b, this.#c] = columns as unknown as [Column, Column, Column];
    this.#columns = columns;
  }

  /** How many rows there are, numbered from 0. */
  get size(): number {
    return this.#size;
  }

  /** The row of up to three values, in the order of the names. The hot path. */
  rowOf(a = '', b = '', c = ''): number {
    const x = this.#a.ids.get(a) ?? this.#addValue(0, a);
    const y = this.#b.ids.get(b) ?? this.#addValue(1, b);
    const z = this.#c.ids.get(c) ?? this.#addValue(2, c);
    const places = this.#places;
    const last = places.length - 1;
    const first = this.#a.rows;
    const second = this.#b.rows;
    const third = this.#c.rows;
    let place = mix(mix(mix(0, x), y), z) & last;
    for (;;) {
      const row = (places[place] as number) - 1;
      if (row < 0) return this.#addRow(place, [x, y, z]);
      if (first[row] === x && second[row] === y && third[row] === z) return row;
      place = (place + 1) & last;
    }
  }

  /** The row of any number of values; missing values are empty. */
  rowOfAll(values: readonly string[]): number {
    if (this.#columns.length === COLUMNS) return this.rowOf(values[0], values[1], values[2]);
    const ids = this.#columns.map((column, label) => column.ids.get(values[label] ?? '') ?? this.#addValue(label, values[label] ?? ''));
    return this.#rowOfIds(ids, (place) => this.#addRow(place, ids));
  }

  #rowOfIds(ids: readonly number[], add: (place: number) => number): number {
    const last = this.#places.length - 1;
    let place = ids.reduce(mix, 0) & last;
    for (;;) {
      const row = (this.#places[place] as number) - 1;
      if (row < 0) return add(place);
      if (this.#columns.every(({ rows }, label) => rows[row] === ids[label])) return row;
      place = (place + 1) & last;
    }
  }

  /** A label's value in a row. */
  value(row: number, label: number): string {
    const { rows, values } = this.#columns[label] as Column;
    return values[rows[row] as number] as string;
  }

  #addValue(label: number, value: string): number {
    const { ids } = this.#columns[label] as Column;
    // Look up the compacted text; otherwise a text changed by compacting looks new at each record.
    const whole = value.length > LONGEST ? value : compact(value);
    return this.#idOf(label, label >= this.names.length ? '' : ids.has(whole) ? whole : this.admit(label, whole, ids));
  }

  #idOf(label: number, kept: string): number {
    const { ids, values } = this.#columns[label] as Column;
    const known = ids.get(kept);
    if (known !== undefined) return known;
    ids.set(kept, values.length);
    return values.push(kept) - 1;
  }

  #addRow(place: number, ids: readonly number[]): number {
    const labels = ids.reduce((sum, id, label) => sum + (this.names[label]?.length ?? 0) + (this.#columns[label]!.values[id] as string).length, 0);
    return this.hasRoom(this.#size, labels) ? this.#insert(place, ids) : (this.#others ??= this.#rowOfOthers());
  }

  /** Made without asking for room: a table has at most a single such row. */
  #rowOfOthers(): number {
    const ids = this.#columns.map((_, label) => this.#idOf(label, label < this.names.length ? OTHER : ''));
    return this.#rowOfIds(ids, (place) => this.#insert(place, ids));
  }

  #insert(place: number, ids: readonly number[]): number {
    const row = this.#size;
    this.#size += 1;
    this.#places[place] = row + 1;
    this.#columns.forEach(({ rows }, label) => (rows[row] = ids[label] as number));
    if (2 * this.#size === this.#places.length) this.#grow();
    return row;
  }

  /** Doubles the room when half of the places are taken. */
  #grow(): void {
    for (const column of this.#columns) {
      const rows = new Uint32Array(2 * this.#size);
      rows.set(column.rows);
      column.rows = rows;
    }
    const places = new Int32Array(4 * this.#size);
    for (let row = 0; row < this.#size; row += 1) {
      let place = this.#columns.reduce((hash, { rows }) => mix(hash, rows[row] as number), 0) & (places.length - 1);
      while (places[place] !== 0) place = (place + 1) & (places.length - 1);
      places[place] = row + 1;
    }
    this.#places = places;
  }
}

/** The multiplication spreads consecutive numbers; the shift copies the upper bits down, because a place is taken from the lower bits. */
function mix(hash: number, id: number): number {
  const product = Math.imul(hash ^ id, 0x9e3779b1);
  return product ^ (product >>> 15);
}
