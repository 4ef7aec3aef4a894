import assert from 'node:assert/strict';
import { caps, rig, said } from './instruments-rig';

const SERVER = 'http.server.request.duration';
const CLIENT = 'http.client.request.duration';
const DATABASE = 'db.client.operation.duration';

describe('What hooks write', () => {
  describe('durations of requests', () => {
    it('are recorded in seconds and shown in milliseconds, with the documented buckets', async () => {
      const { instruments, lines } = rig();
      instruments.duration(SERVER, 0.0123, 'GET', '200', '/users/:id');
      const shown = await lines('http_request_duration_ms');
      const labels = 'method="GET",endpoint="/users/:id"';
      const uppers = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
      assert.deepEqual(shown, [
        ...uppers.map((le) => `http_request_duration_ms_bucket{${labels},le="${le}"} ${le < 12.3 ? 0 : 1}`),
        `http_request_duration_ms_bucket{${labels},le="+Inf"} 1`,
        `http_request_duration_ms_sum{${labels}} 12.3`,
        `http_request_duration_ms_count{${labels}} 1`,
      ]);
    });

    it('on a bucket boundary count as within it, for each boundary', async () => {
      const { instruments, lines } = rig();
      for (const ms of [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000])
        instruments.duration(SERVER, ms / 1000, 'GET', '200', `/${ms}`);
      for (const line of await lines('http_request_duration_ms_bucket')) {
        const [, endpoint, le, value] = /endpoint="\/(\d+)",le="([^"]+)"} (\d)/.exec(line)!;
        const upper = le === '+Inf' ? Infinity : Number(le);
        assert.equal(value, upper >= Number(endpoint) ? '1' : '0', line);
      }
    });

    it('give the number of requests by status, and one distribution over all statuses', async () => {
      const { instruments, lines } = rig();
      for (const status of ['200', '200', '500', '499']) instruments.duration(SERVER, 0.01, 'GET', status, '/a');
      instruments.duration(SERVER, 0.01, 'POST', '200', '/a');
      assert.deepEqual(await lines('http_requests_total'), [
        'http_requests_total{method="GET",status="200",endpoint="/a"} 2',
        'http_requests_total{method="GET",status="500",endpoint="/a"} 1',
        'http_requests_total{method="GET",status="499",endpoint="/a"} 1',
        'http_requests_total{method="POST",status="200",endpoint="/a"} 1',
      ]);
      assert.deepEqual(await lines('http_request_duration_ms_count'), [
        'http_request_duration_ms_count{method="GET",endpoint="/a"} 4',
        'http_request_duration_ms_count{method="POST",endpoint="/a"} 1',
      ]);
      assert.deepEqual(await lines('http_request_duration_ms_bucket{method="GET",endpoint="/a",le="10"'), [
        'http_request_duration_ms_bucket{method="GET",endpoint="/a",le="10"} 4',
      ]);
    });

    it('have the buckets that were configured, to the letter', async () => {
      const { instruments, lines } = rig({ boundaries: { http_request_duration_ms: [0.1, 1.1, 3, 57, 1001] } });
      instruments.duration(SERVER, 0.0011, 'GET', '200', '/a');
      assert.deepEqual(
        (await lines('http_request_duration_ms_bucket')).map((line) => /le="(.*)"} (.*)/.exec(line)!.slice(1, 3).join(' ')),
        ['0.1 0', '1.1 1', '3 1', '57 1', '1001 1', '+Inf 1'],
      );
    });

    it('grow from scrape to scrape, whoever scrapes', async () => {
      const { instruments, lines } = rig();
      for (let scrape = 1; scrape <= 3; scrape += 1) {
        instruments.duration(SERVER, 0.002, 'GET', '200', '/a');
        assert.deepEqual(await lines('http_requests_total'), [`http_requests_total{method="GET",status="200",endpoint="/a"} ${scrape}`]);
      }
      assert.deepEqual(await lines('http_request_duration_ms_sum'), ['http_request_duration_ms_sum{method="GET",endpoint="/a"} 6']);
    });

    it('that are no durations are dropped and counted', async () => {
      const { instruments, lines } = rig();
      for (const seconds of [NaN, Infinity, -1]) instruments.duration(SERVER, seconds, 'GET', '200', '/a');
      assert.deepEqual(await lines('http_requests_total'), []);
      assert.deepEqual(await lines('otel_preload_dropped_total{reason="invalid_value"'), ['otel_preload_dropped_total{reason="invalid_value"} 3']);
    });
  });

  describe('durations of queries', () => {
    it('are slow above 100 ms, and not at 100 ms', async () => {
      const { instruments, lines } = rig();
      for (const seconds of [0.001, 0.1, 0.1000001, 7, 11]) instruments.duration(DATABASE, seconds, 'select', 'users');
      instruments.duration(DATABASE, 0.1, 'insert', 'users');
      assert.deepEqual(await lines('slow_queries_total'), [
        'slow_queries_total{query_type="select",table="users"} 3',
        'slow_queries_total{query_type="insert",table="users"} 0',
      ]);
    });

    it('are slow above SLOW_QUERY_MS', async () => {
      const { instruments, lines } = rig({ slowQueryMs: 250, boundaries: { database_query_duration_ms: [100, 250, 1000] } });
      for (const seconds of [0.2, 0.25, 0.251]) instruments.duration(DATABASE, seconds, 'select', 'users');
      assert.deepEqual(await lines('slow_queries_total'), ['slow_queries_total{query_type="select",table="users"} 1']);
    });
  });

  describe('a stock instrumentation', () => {
    const stock = '@opentelemetry/instrumentation-http';

    it('is seen through the view: its attributes become the documented labels', async () => {
      const { instruments, provider, lines } = rig();
      const histogram = provider.getMeter(stock).createHistogram(CLIENT, { unit: 's' });
      histogram.record(0.02, {
        'http.request.method': 'GET',
        'server.address': 'api.example.com',
        'server.port': 443,
        'http.response.status_code': 200,
      });
      histogram.record(0.02, { 'http.request.method': 'BREW', 'server.address': 'api.example.com', 'error.type': 'ECONNRESET' });
      instruments.duration(CLIENT, 0.02, 'GET', 'api.example.com', '200');
      assert.deepEqual((await lines('http_client_request_duration_ms_count')).toSorted(), [
        'http_client_request_duration_ms_count{method="GET",host="api.example.com",status="200"} 2',
        'http_client_request_duration_ms_count{method="_OTHER",host="api.example.com",status="error"} 1',
      ]);
    });

    it('whose attributes throw keeps its record, under other, and the app goes on', async () => {
      const { provider, lines } = rig();
      const histogram = provider.getMeter(stock).createHistogram(CLIENT, { unit: 's' });
      const hostile = {
        get 'http.request.method'(): string {
          throw new Error('no method');
        },
      };
      const log = await said(() => histogram.record(0.02, hostile));
      assert.deepEqual(await lines('http_client_request_duration_ms_count'), [
        'http_client_request_duration_ms_count{method="other",host="other",status="other"} 1',
      ]);
      assert.deepEqual(await lines('otel_preload_dropped_total{reason="mapping_failed"'), ['otel_preload_dropped_total{reason="mapping_failed"} 1']);
      assert.match(log.join('\n'), /http_client_request_duration_ms: attributes could not be mapped.*no method/);
    });
  });

  describe('labels', () => {
    it('have a cap: what comes after counts under other, with its other labels, and is said once', async () => {
      const { instruments, lines } = rig({ labelCaps: { ...caps, endpoint: 2 } });
      let requests: string[] = [];
      const log = await said(async () => {
        for (const endpoint of ['/1', '/2', '/3', '/4', '/1']) instruments.duration(SERVER, 0.01, 'GET', endpoint === '/4' ? '500' : '200', endpoint);
        requests = await lines('http_requests_total');
      });
      assert.deepEqual(requests, [
        'http_requests_total{method="GET",status="200",endpoint="/1"} 2',
        'http_requests_total{method="GET",status="200",endpoint="/2"} 1',
        'http_requests_total{method="GET",status="200",endpoint="other"} 1',
        'http_requests_total{method="GET",status="500",endpoint="other"} 1',
      ]);
      assert.deepEqual(await lines('otel_preload_dropped_total{reason="label_cap"'), ['otel_preload_dropped_total{reason="label_cap"} 2']);
      assert.equal(log.length, 1);
      assert.match(log[0]!, /more than 2 values of the label "endpoint".*METRICS_MAX_ENDPOINTS/);
    });

    it('keep one budget for all documented metrics that share a label', async () => {
      const { instruments, lines } = rig({ labelCaps: { ...caps, endpoint: 1 } });
      instruments.duration(SERVER, 0.01, 'GET', '500', '/1');
      instruments.add('errors_total', 1, 'TypeError', '/1');
      instruments.add('errors_total', 1, 'TypeError', '/2');
      assert.deepEqual(await lines('errors_total'), [
        'errors_total{error_type="TypeError",endpoint="/1"} 1',
        'errors_total{error_type="TypeError",endpoint="other"} 1',
      ]);
    });

    it('keep every status when thousands of series are full', async () => {
      const { instruments, lines } = rig();
      for (let route = 0; route < 300; route += 1) {
        for (let status = 200; status < 220; status += 1) instruments.duration(SERVER, 0.01, 'GET', String(status), `/${route}`);
      }
      const shown = await lines('http_requests_total');
      assert.equal(shown.length, 201 * 20);
      for (let status = 200; status < 220; status += 1) {
        assert.ok(shown.includes(`http_requests_total{method="GET",status="${status}",endpoint="other"} 100`));
      }
    });
  });

  describe('counters and gauges', () => {
    it('without labels stand at 0 from the start, with labels when they are first written', async () => {
      const { instruments, lines } = rig();
      assert.deepEqual(await lines('websocket_connections_total'), ['websocket_connections_total 0']);
      assert.deepEqual(await lines('jobs_executed_total'), []);
      instruments.add('jobs_executed_total', 0, 'mail', 'failed');
      assert.deepEqual(await lines('jobs_executed_total'), ['jobs_executed_total{job_type="mail",status="failed"} 0']);
    });

    it('of a disabled family do not exist, and writing them is harmless', async () => {
      const { instruments, provider, text } = rig({ disabled: new Set(['http', 'http_client', 'websocket', 'cache', 'otel_preload'] as const) });
      instruments.duration(SERVER, 0.1, 'GET', '200', '/a');
      instruments.add('websocket_connections_total', 1);
      instruments.observe('cache_size_bytes', (observe) => observe(1, 'redis'));
      provider.getMeter('@opentelemetry/instrumentation-http').createHistogram(CLIENT, { unit: 's' }).record(1, {});
      assert.equal(await text(), '');
    });
  });
});
