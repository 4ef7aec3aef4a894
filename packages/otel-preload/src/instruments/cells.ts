// Where the app's own metrics are kept: the numbers and the label values of one metric in a few arrays.
//
// The SDK keeps a histogram's series in some ten objects and two maps, 740 bytes, and finds it by a string at every record. The
// app may have a hundred thousand of them: here a series is a row of numbers, and a record is an addition.

import type { HrTime } from '@opentelemetry/api';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import type { PointSource } from '../exposition/points';
import type { OwnLabelValues } from './label-caps';
import { LabelSet } from './label-sets';
import { LabelTree } from './label-tree';

/** Rows to an array: enough that arrays are few, and so few that a metric of one series costs little. */
const ROWS = 32;

type Value = number | Histogram;

/** All series of a counter or gauge or, with boundaries, of a histogram. */
export class Cells {
  /** Label values → row. */
  readonly rows: LabelTree<number>;
  /** The label values of each row, one array a label. */
  readonly #labels: readonly string[][];
  readonly #arrays: Float64Array[] = [];
  /** A histogram's row is its buckets and then its sum. */
  readonly #width: number;
  #size = 0;

  constructor(
    private readonly names: readonly string[],
    budget: OwnLabelValues,
    private readonly boundaries?: readonly number[],
  ) {
    this.#width = boundaries === undefined ? 1 : boundaries.length + 2;
    this.#labels = names.map(() => []);
    const admit = (values: readonly string[]): readonly string[] => budget.admit(values, this.#size, (label) => this.#labels[label] ?? []);
    this.rows = new LabelTree(names, admit, (values) => this.#addRow(values));
  }

  add(value: number, row: number): void {
    this.#arrayOf(row)[this.#offset(row)]! += value;
  }

  set(value: number, row: number): void {
    this.#arrayOf(row)[this.#offset(row)] = value;
  }

  observe(value: number, row: number): void {
    const array = this.#arrayOf(row);
    const offset = this.#offset(row);
    const boundaries = this.boundaries as readonly number[];
    let bucket = 0;
    while (bucket < boundaries.length && value > (boundaries[bucket] as number)) bucket += 1;
    array[offset + bucket]! += 1;
    array[offset + boundaries.length + 1]! += value;
  }

  /** A copy of all numbers, for `since`. */
  snapshot(): readonly Float64Array[] {
    return this.#arrays.map((array) => array.slice());
  }

  /** All series, each as it stands when it is read. */
  points(startTime: HrTime, endTime: HrTime): PointSource {
    const size = this.#size;
    const point = (row: number): DataPoint<Value> => ({ attributes: this.#labelSet(row).key, startTime, endTime, value: this.#valueOf(row) });
    return {
      size,
      *[Symbol.iterator]() {
        for (let row = 0; row < size; row += 1) yield point(row);
      },
    };
  }

  /** What came to each series since a snapshot; only those that something came to. */
  since(snapshot: readonly Float64Array[], startTime: HrTime, endTime: HrTime): DataPoint<Value>[] {
    const points: DataPoint<Value>[] = [];
    for (let row = 0; row < this.#size; row += 1) {
      if (!this.#hasMoved(row, snapshot)) continue;
      points.push({ attributes: this.#labelSet(row).key, startTime, endTime, value: this.#valueOf(row, snapshot) });
    }
    return points;
  }

  #addRow(values: readonly string[]): number {
    const row = this.#size;
    this.#size += 1;
    values.forEach((value, label) => this.#labels[label]?.push(value));
    if (row % ROWS === 0) this.#arrays.push(new Float64Array(ROWS * this.#width));
    return row;
  }

  /** Made for the moment: to keep one for each series would cost as much as its numbers. */
  #labelSet(row: number): LabelSet {
    return new LabelSet(row, this.names, this.#labels.map((values) => values[row] as string));
  }

  #hasMoved(row: number, snapshot: readonly Float64Array[]): boolean {
    for (let column = 0; column < this.#width; column += 1) if (this.#number(row, column, snapshot) !== 0) return true;
    return false;
  }

  #valueOf(row: number, snapshot?: readonly Float64Array[]): Value {
    if (this.boundaries === undefined) return this.#number(row, 0, snapshot);
    const buckets = this.#width - 1;
    const counts = new Array<number>(buckets);
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket += 1) count += counts[bucket] = this.#number(row, bucket, snapshot);
    return { buckets: { boundaries: this.boundaries as number[], counts }, sum: this.#number(row, buckets, snapshot), count };
  }

  /** One number of a row, less what it was. */
  #number(row: number, column: number, before?: readonly Float64Array[]): number {
    const at = this.#offset(row) + column;
    return (this.#arrayOf(row)[at] as number) - (before?.[Math.floor(row / ROWS)]?.[at] ?? 0);
  }

  #offset(row: number): number {
    return (row % ROWS) * this.#width;
  }

  #arrayOf(row: number): Float64Array {
    return this.#arrays[Math.floor(row / ROWS)] as Float64Array;
  }
}
