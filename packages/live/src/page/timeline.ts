// The drawn past: for every query the value of each of its series at each scrape.

import type { Labels } from '../promql/labels';
import { keyOf } from '../promql/labels';
import type { LiveQuery } from '../panels';
import type { Value } from '../promql/value';

/** A line of a graph. */
export interface Trace {
  readonly name: string;
  readonly labels: Labels;
  /** As long as the timeline's times; null where the series was absent. */
  readonly values: (number | null)[];
}

export class Timeline {
  /** In seconds, as uPlot wants them. */
  readonly times: number[] = [];
  /** When a process started anew, in seconds. */
  readonly restarts: number[] = [];
  readonly #traces = new Map<LiveQuery, Map<string, Trace>>();

  constructor(private readonly windowMs: number) {}

  /** A moment in ms, before the moment's values come. `gap`: nothing is known of the time since the last moment. */
  add(at: number, gap: boolean): void {
    if (gap && this.times.length > 0) this.times.push(this.times.at(-1)! + 0.001);
    this.times.push(at / 1000);
    const over = this.times.findIndex((time) => time > (at - this.windowMs) / 1000);
    this.times.splice(0, over);
    for (const traces of this.#traces.values()) this.#shift(traces, over);
  }

  #shift(traces: Map<string, Trace>, over: number): void {
    for (const [key, { values }] of traces) {
      values.splice(0, over);
      while (values.length < this.times.length) values.push(null);
      if (values.every((value) => value === null)) traces.delete(key);
    }
  }

  /** The values of the last moment. */
  record(query: LiveQuery, value: Value): void {
    const traces = this.#traces.get(query) ?? new Map<string, Trace>();
    this.#traces.set(query, traces);
    for (const { labels, value: number } of typeof value === 'number' ? [{ labels: {}, value }] : value) {
      if (!Number.isFinite(number)) continue;
      const key = keyOf(labels);
      const trace = traces.get(key) ?? { name: named(query.legend, labels), labels, values: this.times.map(() => null) };
      traces.set(key, trace);
      trace.values[trace.values.length - 1] = number;
    }
  }

  traces(query: LiveQuery): Trace[] {
    return [...(this.#traces.get(query)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** `{{label}}` filled in. */
const named = (legend: string, labels: Labels): string => legend.replace(/{{(\w+)}}/g, (_, label: string) => labels[label] ?? '').trim();
