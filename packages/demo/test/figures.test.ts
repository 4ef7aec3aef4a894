import assert from 'node:assert/strict';
import { parseExposition } from '../src/figures/exposition';
import { type Figures, figuresOf } from '../src/figures/figures';
import { Interval, Scrape } from '../src/figures/increase';
import { figureLines } from '../src/screen/lines';

const BEFORE = `
http_requests_total{method="GET",status="200",endpoint="/health"} 10
http_request_duration_ms_bucket{method="GET",endpoint="/health",le="5"} 10
http_request_duration_ms_bucket{method="GET",endpoint="/health",le="10"} 10
http_request_duration_ms_bucket{method="GET",endpoint="/health",le="+Inf"} 10
http_request_duration_ms_sum{method="GET",endpoint="/health"} 20
http_request_duration_ms_count{method="GET",endpoint="/health"} 10
cache_hits_total{cache_type="user"} 100
cache_misses_total{cache_type="user"} 100
`;
const AFTER = `
http_requests_total{method="GET",status="200",endpoint="/health"} 20
http_requests_total{method="GET",status="503",endpoint="/health"} 2
http_requests_total{method="GET",status="404",endpoint="unmatched"} 3
http_request_duration_ms_bucket{method="GET",endpoint="/health",le="5"} 10
http_request_duration_ms_bucket{method="GET",endpoint="/health",le="10"} 22
http_request_duration_ms_bucket{method="GET",endpoint="/health",le="+Inf"} 22
http_request_duration_ms_sum{method="GET",endpoint="/health"} 116
http_request_duration_ms_count{method="GET",endpoint="/health"} 22
database_query_duration_ms_bucket{query_type="select",table="users",le="100"} 3
database_query_duration_ms_bucket{query_type="select",table="users",le="+Inf"} 4
database_query_duration_ms_sum{query_type="select",table="users"} 220
database_query_duration_ms_count{query_type="select",table="users"} 4
slow_queries_total{query_type="select",table="users"} 1
cache_hits_total{cache_type="user"} 109
cache_misses_total{cache_type="user"} 101
cache_size_bytes{cache_type="redis"} 1048576
jobs_executed_total{job_type="send-payout",status="completed"} 4
jobs_executed_total{job_type="send-payout",status="failed"} 1
job_duration_ms_bucket{job_type="send-payout",le="100"} 7
job_duration_ms_bucket{job_type="send-payout",le="+Inf"} 7
job_duration_ms_sum{job_type="send-payout"} 300
job_duration_ms_count{job_type="send-payout"} 7
websocket_connections_total 9
websocket_connections_active 8
errors_total{error_type="DatabaseOverloaded",endpoint="/health"} 2
errors_total{error_type="DatabaseOverloaded",endpoint="/users/:id"} 3
earnings_processed_total{platform="uber"} 5
active_users 42
`;

const scrapeOf = (text: string): Scrape => new Scrape(parseExposition(text));

describe('the figures between two scrapes', () => {
  let figures: Figures;
  before(() => (figures = figuresOf(new Interval(scrapeOf(BEFORE), scrapeOf(AFTER)))));

  it('are what happened in between, per endpoint, with the server errors', () => {
    assert.deepEqual(figures.endpoints, [{ method: 'GET', endpoint: '/health', count: 12, serverErrors: 2, p95: 9.75 }]);
  });

  it('tell queries by type and table, with their mean and the slow ones', () => {
    assert.deepEqual(figures.queries, [{ type: 'select', table: 'users', count: 4, mean: 55, p95: 100, slow: 1 }]);
  });

  it('tell the hit rate of the reads in between', () => {
    assert.deepEqual(figures.caches, [{ type: 'user', reads: 10, hitRate: 0.9 }]);
  });

  it('tell jobs, sockets, errors and business figures', () => {
    assert.deepEqual(figures.jobs, [{ type: 'send-payout', completed: 4, failed: 1, attempts: 7, p95: 95 }]);
    assert.deepEqual(figures.sockets, { active: 8, accepted: 9 });
    assert.deepEqual(figures.errors, [{ type: 'DatabaseOverloaded', count: 5 }]);
    assert.deepEqual([figures.earnings, figures.activeUsers, figures.cacheBytes], [[{ platform: 'uber', count: 5 }], 42, 1048576]);
  });

  it('start again from 0 when the backend has restarted', () => {
    const restarted = new Interval(scrapeOf('cache_hits_total{cache_type="user"} 100'), scrapeOf('cache_hits_total{cache_type="user"} 7'));
    assert.equal(restarted.counter('cache_hits_total')[0]?.value, 7);
  });

  it('are shown as rates per second, in no more rows than there is room for', () => {
    const many = { ...figures, endpoints: Array(50).fill(figures.endpoints[0]), queries: Array(50).fill(figures.queries[0]) };
    const lines = figureLines({ figures: many, seconds: 4 }, { rows: 17, columns: 80 });
    const tables = lines.filter(({ text }) => /^(GET|select) /.test(text));
    assert.deepEqual([lines.length, tables.length], [17, 10]);
    assert.match(tables[0]!.text, /^GET \/health +3\.0 +9\.8 +0\.5$/);
    assert.match(tables.at(-1)!.text, /^select users +1\.0 +55 +100 +0\.3$/);
  });

  it('are shown in lines that are not wider than the screen', () => {
    const jobs = Array.from({ length: 6 }, (_, index) => ({ ...figures.jobs[0]!, type: `some-long-job-${index}` }));
    const texts = figureLines({ figures: { ...figures, jobs }, seconds: 4 }, { rows: 30, columns: 80 }).map(({ text }) => text);
    for (const text of texts) assert.ok(text.length <= 80, text);
    for (const { type } of jobs)
      assert.ok(
        texts.some((text) => text.includes(`${type} 4 (1 failed)`)),
        type,
      );
  });
});
