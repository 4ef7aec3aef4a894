// The value of an expression at a moment, as Prometheus would compute the value from the page's scrapes. An operation that no panel uses is
// missing, and a query with such an operation throws: a test evaluates all queries.

import type { Node } from '@earntrack/monitoring';
import { aggregate } from './aggregate';
import { binary } from './binary';
import { increase, type Samples } from './extrapolation';
import type { History, Series } from './history';
import { keyOf, NONE, without, type Labels } from './labels';
import { bucketQuantile, type Bucket } from './quantile';
import type { Sample, Value } from './value';

type Selection = Extract<Node, { op: 'series' }>;
type Call = Extract<Node, { op: 'call' }>;
type Matcher = Selection['matchers'][number];

/** Grafana's variables, in ms. */
export interface Ranges {
  readonly $__rate_interval: number;
  readonly $__range: number;
}

/** Prometheus looks back this long for a sample; a series missing from the last scrape is gone at once. */
const LOOKBACK_MS = 5 * 60_000;

export class Evaluator {
  /** Panels share expressions: equal expressions are the same object, computed once a moment. */
  readonly #interned = new Map<string, Node>();
  readonly #keys = new WeakMap<Node, Node>();
  readonly #selected = new Map<Node, { version: number; series: readonly Series[] }>();
  #values = new Map<Node, Value>();
  #at = NaN;
  #ranges: Ranges = { $__rate_interval: NaN, $__range: NaN };

  constructor(private readonly history: History) {}

  /** The moment, in ms, of the evaluations from now on; scrapes after the moment do not exist. To be called after each scrape. */
  moveTo(at: number, ranges: Ranges): void {
    this.#at = at;
    this.#ranges = ranges;
    this.#values = new Map();
  }

  evaluate(node: Node): Value {
    const same = this.#intern(node);
    const known = this.#values.get(same);
    if (known !== undefined) return known;
    const value = this.#compute(same);
    this.#values.set(same, value);
    return value;
  }

  #intern(node: Node): Node {
    const known = this.#keys.get(node);
    if (known) return known;
    const key = JSON.stringify(node);
    const same = this.#interned.get(key) ?? node;
    this.#interned.set(key, same);
    this.#keys.set(node, same);
    return same;
  }

  #compute(node: Node): Value {
    switch (node.op) {
      case 'number':
        return node.value;
      case 'series':
        return this.#instant(node);
      case 'call':
        return this.#call(node);
      case 'aggregate':
        return aggregate(node, this.#vector(node.of));
      case 'binary':
        if (node.groupLeft) throw new Error('the page does not know group_left');
        return binary(node.operator, this.evaluate(node.left), this.evaluate(node.right), node.on);
    }
  }

  #vector(node: Node): Sample[] {
    const value = this.evaluate(node);
    if (typeof value === 'number') throw new Error('a number stands where series were expected');
    return value;
  }

  #call(node: Call): Value {
    const [first, second] = node.args;
    switch (node.name) {
      case 'time':
        return this.#at / 1000;
      case 'vector':
        return [{ labels: NONE, value: this.evaluate(first!) as number }];
      case 'histogram_quantile':
        return quantiles(this.evaluate(first!) as number, this.#vector(second!));
      default:
        return this.#overRange(node.name, first as Selection);
    }
  }

  #instant(selection: Selection): Sample[] {
    const then = this.#at - ms(selection.offset ?? '0s', this.#ranges);
    const index = this.history.lastAt(then);
    if (index < 0 || this.history.times[index]! <= then - LOOKBACK_MS) return [];
    return this.#select(selection).flatMap((series) => {
      const value = this.history.valueAt(series, index);
      return Number.isNaN(value) ? [] : [{ labels: series.labels, value }];
    });
  }

  #overRange(name: string, selection: Selection): Sample[] {
    const compute = OVER_RANGE[name];
    if (!compute) throw new Error(`the page does not know the function ${name}`);
    const to = this.#at - ms(selection.offset ?? '0s', this.#ranges);
    const from = to - ms(selection.range!, this.#ranges);
    return this.#select(selection).flatMap((series) => {
      const value = compute(this.#samples(series, from, to), from, to);
      return value === undefined ? [] : [{ labels: series.labels, value }];
    });
  }

  /** After `from`, up to `to`. */
  #samples(series: Series, from: number, to: number): Samples {
    const samples = { times: [] as number[], values: [] as number[] };
    const last = this.history.lastAt(to);
    for (let index = this.history.lastAt(from) + 1; index <= last; index += 1) {
      const value = this.history.valueAt(series, index);
      if (Number.isNaN(value)) continue;
      samples.times.push(this.history.times[index]!);
      samples.values.push(value);
    }
    return samples;
  }

  #select(selection: Selection): readonly Series[] {
    const known = this.#selected.get(selection);
    if (known?.version === this.history.version) return known.series;
    const matches = selection.matchers.map(matching);
    const series = this.history.named(selection.name).filter(({ labels }) => matches.every((match) => match(labels)));
    this.#selected.set(selection, { version: this.history.version, series });
    return series;
  }
}

type OverRange = (samples: Samples, from: number, to: number) => number | undefined;

const OVER_RANGE: Readonly<Record<string, OverRange>> = {
  increase,
  rate: (samples, from, to) => {
    const grown = increase(samples, from, to);
    return grown === undefined ? undefined : grown / ((to - from) / 1000);
  },
  changes: ({ values }) => (values.length === 0 ? undefined : values.filter((value, i) => i > 0 && value !== values[i - 1]).length),
};

/** An absent label matches like an empty label; regular expressions match the whole value. */
function matching({ label, operator, value }: Matcher): (labels: Labels) => boolean {
  if (operator === '=') return (labels) => (labels[label] ?? '') === value;
  if (operator === '!=') return (labels) => (labels[label] ?? '') !== value;
  const pattern = new RegExp(`^(?:${value})$`, 's');
  return (labels) => pattern.test(labels[label] ?? '') === (operator === '=~');
}

function quantiles(q: number, samples: readonly Sample[]): Sample[] {
  const histograms = new Map<string, { labels: Labels; buckets: Bucket[] }>();
  for (const { labels, value } of samples) {
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    if (Number.isNaN(bound)) continue;
    const rest = without(labels, 'le');
    const key = keyOf(rest);
    const histogram = histograms.get(key) ?? { labels: rest, buckets: [] };
    histograms.set(key, histogram);
    histogram.buckets.push([bound, value]);
  }
  return [...histograms.values()].map(({ labels, buckets }) => ({ labels, value: bucketQuantile(q, buckets) }));
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration of PromQL's in ms. */
export function ms(duration: string, ranges: Ranges): number {
  if (duration in ranges) return ranges[duration as keyof Ranges];
  const [, amount, unit] = /^(\d+)(ms|[smhd])$/.exec(duration) ?? [];
  if (amount === undefined) throw new Error(`the page does not know the duration ${duration}`);
  return Number(amount) * UNITS[unit!]!;
}
