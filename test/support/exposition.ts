// Reads an exposition as a scraper does.

import assert from 'node:assert/strict';

/** Sample values by series, written with sorted labels: `name{a="b",c="d"}`. */
export type Samples = ReadonlyMap<string, number>;

export async function scrape(port: number, path = '/metrics', headers: Readonly<Record<string, string>> = {}): Promise<Samples> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return samplesOf(text);
}

/** Scrapes until `done` holds, so that a test need not know how long the last event takes. After 10 s the assertion has failed. */
export async function scrapeUntil(port: number, done: (samples: Samples) => boolean, path = '/metrics'): Promise<Samples> {
  const end = Date.now() + 10_000;
  for (;;) {
    const samples = await scrape(port, path);
    if (done(samples)) return samples;
    if (Date.now() > end) assert.fail(`not reached:\n${[...samples].map(([series, value]) => `${series} ${value}`).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function samplesOf(text: string): Samples {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) throw new Error(`not a sample: ${line}`);
    const labels = [...(match[2] ?? '').matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => `${name}="${value}"`).toSorted();
    const series = labels.length === 0 ? match[1]! : `${match[1]}{${labels.join(',')}}`;
    if (samples.has(series)) throw new Error(`twice in one exposition: ${series}`);
    samples.set(series, Number(match[3]!.replace('Inf', 'Infinity')));
  }
  return samples;
}

/** Samples of one metric, by the text between the braces. */
export function seriesOf(samples: Samples, name: string): Record<string, number> {
  return Object.fromEntries(
    [...samples]
      .filter(([series]) => series === name || series.startsWith(`${name}{`))
      .map(([series, value]) => [series.slice(name.length + 1, -1), value]),
  );
}
