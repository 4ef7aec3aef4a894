// An instance of the app: the values of its series, which move like the values of a backend under traffic. Compression depends on the movement:
// most series of a real app stand still for long, and a few change at every scrape.

import { catalogue, type Family } from '@earntrack/otel-preload/catalogue';
import type { Blueprint, LabelSet } from './blueprint';
import { randomFrom, type Random } from './random';
import { boundariesOf } from './shape';

/** Events a second of an instance, over all label sets of a metric of the family. */
const EVENTS_PER_SECOND: Readonly<Record<Family, number>> = {
  http: 30,
  http_client: 5,
  database: 60,
  cache: 80,
  jobs: 1,
  websocket: 0.5,
  errors: 0.05,
  business: 2,
  otel_preload: 0,
  process: 1,
  nodejs: 2,
};

const CONSTANT = /_info$|_max_fds$|_start_time_seconds$|^otel_preload_|_heap_space_size_total_/;
const RARE = /^slow_queries_total$/;

export class Instance {
  readonly values: Float64Array;
  readonly #blueprint: Blueprint;
  readonly #random: Random;

  constructor(blueprint: Blueprint, seed: number) {
    this.#blueprint = blueprint;
    this.#random = randomFrom(seed);
    this.values = new Float64Array(blueprint.series.length);
    for (const set of blueprint.labelSets)
      if (catalogue[set.metric].kind === 'gauge') this.values[set.first] = 1 + Math.floor(this.#random.next() * 50);
  }

  /** Lets `seconds` of traffic pass. */
  advance(seconds: number): void {
    for (const set of this.#blueprint.labelSets) this.#move(set, seconds);
  }

  #move(set: LabelSet, seconds: number): void {
    const { kind, family } = catalogue[set.metric];
    const mean = (EVENTS_PER_SECOND[family] * seconds * shareOf(set)) / (RARE.test(set.metric) ? 1000 : 1);
    if (kind === 'histogram') this.#observe(set, this.#random.poisson(mean));
    else if (kind === 'gauge') this.#drift(set);
    else this.values[set.first]! += set.metric.endsWith('_seconds_total') ? mean * this.#random.next() : this.#random.poisson(mean);
  }

  #observe({ metric, first, rank }: LabelSet, count: number): void {
    const boundaries = boundariesOf(metric)!;
    const usual = boundaries[2 + (rank % 3)]!;
    for (let seen = 0; seen < count; seen += 1) {
      const value = usual * Math.exp(0.7 * this.#random.normal());
      for (let index = 0; index < boundaries.length; index += 1) if (value <= boundaries[index]!) this.values[first + index]! += 1;
      this.values[first + boundaries.length + 1]! += value;
    }
    this.values[first + boundaries.length]! += count;
    this.values[first + boundaries.length + 2]! += count;
  }

  #drift({ metric, first }: LabelSet): void {
    if (CONSTANT.test(metric)) return;
    const step = this.#random.normal();
    if (metric.endsWith('_seconds')) this.values[first] = 0.011 + Math.abs(step) * 1e-3;
    else if (metric.endsWith('_bytes')) this.values[first] = 8192 * Math.round(8000 + 400 * step);
    else this.values[first] = Math.max(0, this.values[first]! + Math.round(step));
  }
}

/** The first label set is the busiest, the second half as busy, the third a third (Zipf). */
function shareOf({ rank, of }: LabelSet): number {
  return 1 / ((rank + 1) * (Math.log(of) + 0.58));
}
