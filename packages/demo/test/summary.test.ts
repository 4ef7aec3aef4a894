import assert from 'node:assert/strict';
import { parseExposition } from '../src/figures/exposition';
import { figuresOf } from '../src/figures/figures';
import { Interval, Scrape } from '../src/figures/increase';
import { Tally } from '../src/load/tally';
import { differences, summaryLines } from '../src/run/summary';

const scrapeOf = (lines: string[]): Scrape => new Scrape(parseExposition(lines.join('\n')));
const requests = (status: number, value: number): string => `http_requests_total{method="GET",status="${status}",endpoint="/users/:id"} ${value}`;

describe('the summary of a run', () => {
  const before = scrapeOf([requests(200, 5)]);
  let tally: Tally;

  beforeEach(() => {
    tally = new Tally();
    for (let ms = 1; ms <= 100; ms += 1) tally.answer('GET', 200, '/users/:id', ms);
    tally.answer('GET', 404, '/users/:id', 1);
  });

  it('finds no difference where both counted the same since the start', () => {
    const interval = new Interval(before, scrapeOf([requests(200, 105), requests(404, 1)]));
    assert.deepEqual(differences(interval, tally), []);
  });

  it('finds a request that only one side has counted, under its status', () => {
    const interval = new Interval(before, scrapeOf([requests(200, 104), requests(500, 1)]));
    const found = new Map(differences(interval, tally).map(({ series, ...counts }) => [series, counts]));
    assert.deepEqual(found.get('GET 200 /users/:id'), { metrics: 99, driver: 100 });
    assert.deepEqual(found.get('GET 404 /users/:id'), { metrics: 0, driver: 1 });
    assert.deepEqual(found.get('GET 500 /users/:id'), { metrics: 1, driver: 0 });
  });

  it('prints both counts and both percentiles of each endpoint', () => {
    const histogram = [
      'http_request_duration_ms_bucket{method="GET",endpoint="/users/:id",le="100"} 100',
      'http_request_duration_ms_bucket{method="GET",endpoint="/users/:id",le="+Inf"} 100',
      'http_request_duration_ms_sum{method="GET",endpoint="/users/:id"} 5000',
      'http_request_duration_ms_count{method="GET",endpoint="/users/:id"} 100',
    ];
    const interval = new Interval(before, scrapeOf([requests(200, 105), ...histogram]));
    const lines = summaryLines(interval, figuresOf(interval), tally);
    assert.ok(
      lines.some((line) => /^GET \/users\/:id +100 +101 +95 +9[456]$/.test(line)),
      lines.join('\n'),
    );
    assert.ok(
      lines.some((line) => /^all +100 +101$/.test(line)),
      lines.join('\n'),
    );
  });
});
