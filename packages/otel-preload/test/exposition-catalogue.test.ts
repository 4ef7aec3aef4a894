// The rules of names that promtool checks on a live scrape, and those that only the catalogue can break.

import assert from 'node:assert/strict';
import { catalogue, type Metric } from '../src/catalogue';
import { streams } from '../src/instruments/streams';

const metrics: [string, Metric][] = Object.entries(catalogue);
const histograms = metrics.filter(([, { kind }]) => kind === 'histogram');

/** Contract metrics from before Prometheus's rule of base units; nothing may join them. */
const IN_MILLISECONDS = ['http_request_duration_ms', 'http_client_request_duration_ms', 'database_query_duration_ms', 'job_duration_ms'];

function every(rule: string, broken: (name: string, metric: Metric) => boolean, of = metrics): void {
  it(rule, () =>
    assert.deepEqual(
      of.filter(([name, metric]) => broken(name, metric)).map(([name]) => name),
      [],
    ),
  );
}

describe('The catalogue', () => {
  every('has names of lower-case words', (name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(name));
  every('has _total on counters, and on nothing else', (name, { kind }) => name.endsWith('_total') !== (kind === 'counter'));
  every('has no suffix that belongs to the series of a histogram', (name) => /_(bucket|sum|count|created)$/.test(name));
  every('has no kind in a name', (name) => /(^|_)(counter|gauge|histogram|summary)(_|$)/.test(name));
  every('measures in base units but for the contract’s _ms', (name) => {
    const unit = /_(ms|milliseconds|minutes|hours|days|kilobytes|megabytes|mb|kb|percent)(_total)?$/.test(name);
    return unit !== IN_MILLISECONDS.includes(name);
  });
  every('has one sentence of help for each metric', (_, { help }) => !/^[A-Z50-9][^\n]+[^.]\.$/.test(help));
  every(
    'has labels of lower-case words, each once',
    (_, { labels }) => new Set(labels).size < labels.length || !labels.every((label) => /^[a-z]+(_[a-z]+)*$/.test(label)),
  );
  every('leaves le, quantile, job and instance to Prometheus', (_, { labels }) =>
    ['le', 'quantile', 'job', 'instance'].some((name) => labels.includes(name)),
  );
  every('has boundaries for histograms, and for nothing else', (_, { kind, boundaries }) => (boundaries !== undefined) !== (kind === 'histogram'));
  every(
    'has boundaries that ascend',
    (_, { boundaries = [] }) => boundaries.some((bound, index) => bound <= (boundaries[index - 1] ?? 0)),
    histograms,
  );
  every('says how gauges of several processes become one', (_, { kind, merge }) => (merge !== undefined) !== (kind === 'gauge'));
  every('makes metrics of a stream of labels that the stream has', (_, { labels, source }) => {
    return source.from === 'stream' && !labels.every((label) => streams[source.instrument].labels.includes(label));
  });
  every('writes at most three labels on the hot path', (_, { labels, source }) => source.from === 'instrument' && labels.length > 3);

  it('can tell slow queries: 100 ms is a boundary', () => {
    assert.ok((catalogue.database_query_duration_ms.boundaries as readonly number[]).includes(100));
  });
});
