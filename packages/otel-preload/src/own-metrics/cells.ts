// The memory of the app's declared metrics: the numbers of a metric in a few arrays.
//
// The SDK keeps a histogram's series in some ten objects and two maps, 740 bytes, and looks up a string at every record. An app may
// have a hundred thousand series: here, a series is a row of numbers, and a record is an addition.

import type { HrTime } from '@opentelemetry/api';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import type { PointSource } from '../exposition/points';
import { LabelSet } from '../labels/label-sets';
import type { LabelTable } from '../labels/label-table';

/** Rows in an array: enough to keep the arrays few, and few enough to make a metric with a single series cheap. */
const ROWS = 32;

type Value = number | Histogram;

/** All series of a counter or gauge or, with boundaries, of a histogram: a row of numbers for each row of the label table. */
export class Cells {
  readonly #arrays: Float64Array[] = [];
  /** A histogram's row is its buckets and then its sum. */
  readonly #width: number;

  constructor(
    private readonly table: LabelTable,
    private readonly boundaries?: readonly number[],
  ) {
    this.#width = boundaries === undefined ? 1 : boundaries.length + 2;
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

  /** All series, each with its numbers at the time of reading. */
  points(startTime: HrTime, endTime: HrTime): PointSource {
    const { size } = this.table;
    const point = (row: number): DataPoint<Value> => ({
      attributes: new LabelSet(row, this.table).key,
      startTime,
      endTime,
      value: this.#valueOf(row),
    });
    return {
      size,
      *[Symbol.iterator]() {
        for (let row = 0; row < size; row += 1) yield point(row);
      },
    };
  }

  #valueOf(row: number): Value {
    const array = this.#arrayOf(row);
    const offset = this.#offset(row);
    if (this.boundaries === undefined) return array[offset] as number;
    const buckets = this.#width - 1;
    const counts: number[] = [];
    let count = 0;
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const within = array[offset + bucket] as number;
      counts.push(within);
      count += within;
    }
    return { buckets: { boundaries: this.boundaries as number[], counts }, sum: array[offset + buckets] as number, count };
  }

  #offset(row: number): number {
    return (row % ROWS) * this.#width;
  }

  /** Made with the first value of any of the array's rows. */
  #arrayOf(row: number): Float64Array {
    return (this.#arrays[Math.floor(row / ROWS)] ??= new Float64Array(ROWS * this.#width));
  }
}
