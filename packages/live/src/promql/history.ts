// The scrapes in memory: for each series its value at each scrape. The time of a scrape is kept once, however many series the scrape had.

import { keyOf, type Labels } from './labels';

/** A value missing from the scrape. An exposed NaN counts as absent, too. */
const ABSENT = NaN;

export class Series {
  /** A value for each scrape, from the scrape `first` on. */
  readonly values: number[] = [];

  constructor(
    readonly name: string,
    readonly labels: Labels,
    public first: number,
  ) {}
}

/** The most values in memory, 8 bytes each: with very many series the window is shorter. */
const MOST_VALUES = 4_000_000;
/** Whatever the number of series: rates need some scrapes. */
const FEWEST_SCRAPES = 12;

export class History {
  /** The start of each scrape in memory, in ms, ascending. */
  readonly times: number[] = [];
  /** Changes whenever a series comes or goes. */
  version = 0;
  /** The number of the scrape at `times[0]`. */
  #oldest = 0;
  readonly #series = new Map<string, Series>();
  readonly #byName = new Map<string, Series[]>();

  constructor(private readonly windowMs: number) {}

  /** The series of a name, whether or not the last scrape had them. */
  named(name: string): readonly Series[] {
    return this.#byName.get(name) ?? [];
  }

  /** The series, made at the first call. */
  series(name: string, labels: Labels): Series {
    const key = `${name}\u0003${keyOf(labels)}`;
    const known = this.#series.get(key);
    if (known) return known;
    const series = new Series(name, labels, this.#oldest + this.times.length);
    this.#series.set(key, series);
    this.#byName.set(name, [...this.named(name), series]);
    this.version += 1;
    return series;
  }

  /** A scrape at `time`, later than all before. Without samples: the scrape failed, and every series was absent. */
  add(time: number, samples: Iterable<readonly [Series, number]> = []): void {
    const scrape = this.#oldest + this.times.length;
    for (const [series, value] of samples) {
      while (series.first + series.values.length < scrape) series.values.push(ABSENT);
      series.values.push(value);
    }
    // Only now: a series that a lazy reader makes meanwhile begins with this scrape.
    this.times.push(time);
    this.#forget(time);
  }

  /** The value at the scrape `index` of `times`; NaN if there was none. */
  valueAt(series: Series, index: number): number {
    return series.values[this.#oldest + index - series.first] ?? ABSENT;
  }

  /** The last scrape at or before `time` as an index of `times`; -1 if there is none. */
  lastAt(time: number): number {
    let index = this.times.length - 1;
    while (index >= 0 && this.times[index]! > time) index -= 1;
    return index;
  }

  #forget(now: number): void {
    const most = Math.max(FEWEST_SCRAPES, Math.floor(MOST_VALUES / Math.max(1, this.#series.size)));
    const over = Math.max(
      this.times.length - most,
      this.times.findIndex((time) => time > now - this.windowMs),
    );
    // Not at each scrape: cutting off an array's beginning copies the array.
    if (over < Math.max(1, this.times.length / 10)) return;
    this.times.splice(0, over);
    this.#oldest += over;
    for (const [key, series] of this.#series) this.#trim(key, series);
  }

  #trim(key: string, series: Series): void {
    series.values.splice(0, Math.max(0, this.#oldest - series.first));
    series.first = Math.max(series.first, this.#oldest);
    if (series.values.some((value) => !Number.isNaN(value))) return;
    this.#series.delete(key);
    this.#byName.set(
      series.name,
      this.named(series.name).filter((each) => each !== series),
    );
    this.version += 1;
  }
}
