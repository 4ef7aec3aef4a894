// Text format 0.0.4 → samples of the requested series.

import type { History, Series } from './history';
import type { Labels } from './labels';

export class SampleReader {
  /** By a line's text before the value, the same in every scrape; undefined: nobody asks for the series. */
  #known = new Map<string, Series | undefined>();
  #version = -1;

  constructor(
    private readonly history: History,
    private readonly wanted: ReadonlySet<string>,
  ) {}

  *read(text: string): Generator<readonly [Series, number]> {
    // A forgotten series must not live on in here.
    if (this.#version !== this.history.version) this.#known = new Map();
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      if (end > start && text[start] !== '#') {
        const line = text.slice(start, end);
        const split = line.lastIndexOf('} ') + 1 || line.indexOf(' ');
        const series = this.#seriesOf(line.slice(0, split));
        if (series) yield [series, number(line.slice(split + 1))];
      }
      start = end + 1;
    }
    this.#version = this.history.version;
  }

  #seriesOf(identity: string): Series | undefined {
    if (this.#known.has(identity)) return this.#known.get(identity);
    const brace = identity.indexOf('{');
    const name = brace < 0 ? identity : identity.slice(0, brace);
    const series = this.wanted.has(name) ? this.history.series(name, brace < 0 ? {} : labelsOf(identity.slice(brace))) : undefined;
    this.#known.set(identity, series);
    return series;
  }
}

function labelsOf(braced: string): Labels {
  const labels: Record<string, string> = {};
  for (const [, name, value] of braced.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name!] = unescape(value!);
  return labels;
}

const unescape = (text: string): string => text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));

/** The value; a timestamp may follow. */
function number(text: string): number {
  const [value = ''] = text.split(' ', 1);
  return value.endsWith('Inf') ? (value.startsWith('-') ? -Infinity : Infinity) : Number(value);
}
