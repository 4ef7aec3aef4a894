import assert from 'node:assert/strict';
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { documented } from '../src/exposition/documented';
import { caps, rig, said } from './instruments-rig';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

/** What a scraper reads back: `\\`, `\n` and `\"` undone. */
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

describe('The exposition', () => {
  describe('of what the app records with @opentelemetry/api', () => {
    it('has names and labels that Prometheus takes, and _total on what only grows', async () => {
      const { meters, lines, text } = rig();
      const meter = meters.getMeter('app');
      meter.createCounter('app.orders-made', { unit: '{order}' }).add(2, { 'shop.id': 7, ok: true, tags: ['a', 'b'], le: 'x', __name: 'y' });
      meter.createCounter('done_total').add(1);
      meter.createUpDownCounter('queue.length', { unit: '1' }).add(-3);
      meter.createHistogram('2xx/time', { unit: 'ms', advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5);
      assert.deepEqual(await lines('app_'), ['app_orders_made_total{_name="y",exported_le="x",ok="true",shop_id="7",tags="[\\"a\\",\\"b\\"]"} 2']);
      assert.deepEqual(await lines('done'), ['done_total 1']);
      assert.deepEqual(await lines('queue'), ['queue_length -3']);
      assert.deepEqual(await lines('_2xx'), [
        '_2xx_time_bucket{le="1"} 0',
        '_2xx_time_bucket{le="2"} 1',
        '_2xx_time_bucket{le="+Inf"} 1',
        '_2xx_time_sum 1.5',
        '_2xx_time_count 1',
      ]);
      assert.match(await text(), /^# TYPE queue_length gauge$/m);
    });

    it('adds up series that become the same, and never shows one twice', async () => {
      const { meters, lines } = rig();
      const counter = meters.getMeter('app').createCounter('same');
      counter.add(1, { code: 1 });
      counter.add(2, { code: '1' });
      counter.add(4, { 'a.b': 'x', a_b: 'y' });
      assert.deepEqual(await lines('same_total'), ['same_total{code="1"} 3', 'same_total{a_b="x;y"} 4']);
    });

    it('merges what two meters record under one name', async () => {
      const { meters, text } = rig();
      for (const [index, name] of ['first', 'second'].entries()) {
        const meter = meters.getMeter(name);
        meter.createCounter('merged', { description: 'Merged.' }).add(1, { meter: name });
        meter.createCounter('merged').add(1, { meter: 'both' });
        meter.createHistogram('merged_ms', { advice: { explicitBucketBoundaries: [10] } }).record(index * 20);
        meter.createGauge('merged_gauge').record(index);
      }
      const shown = (await text()).split('\n').filter((line) => line.includes('merged') && !line.includes('otel_preload'));
      assert.deepEqual(shown, [
        '# HELP merged_gauge No description.',
        '# TYPE merged_gauge gauge',
        'merged_gauge 1',
        '# HELP merged_ms No description.',
        '# TYPE merged_ms histogram',
        'merged_ms_bucket{le="10"} 1',
        'merged_ms_bucket{le="+Inf"} 2',
        'merged_ms_sum 20',
        'merged_ms_count 2',
        '# HELP merged_total Merged.',
        '# TYPE merged_total counter',
        'merged_total{meter="first"} 1',
        'merged_total{meter="both"} 2',
        'merged_total{meter="second"} 1',
      ]);
    });

    it('shows the first kind of a name that two meters use for different things, and says so', async () => {
      const { meters, text } = rig();
      meters.getMeter('first').createGauge('kind').record(1);
      const log = await said(async () => {
        meters.getMeter('second').createHistogram('kind').record(1);
        for (let scrape = 0; scrape < 2; scrape += 1) {
          assert.deepEqual(
            (await text()).split('\n').filter((line) => /^(# TYPE )?kind/.test(line)),
            ['# TYPE kind gauge', 'kind 1'],
          );
        }
      });
      assert.deepEqual(log, [
        '[otel-preload] metric "kind" of the app, made with @opentelemetry/api, is left out: there is another metric of that name, a gauge',
      ]);
    });

    it('does not mix with a documented metric that the preload measures', async () => {
      const { meters, instruments, lines } = rig();
      const log = await said(async () => {
        meters.getMeter('app').createCounter('http_requests_total').add(5, { method: 'GET', status: '200', endpoint: '/a' });
        meters.getMeter('app').createGauge('process_cpu_seconds_total').record(5);
        assert.deepEqual(await lines('http_requests_total'), []);
      });
      assert.equal(log.length, 2);
      assert.match(log.join('\n'), /"http_requests_total" of the app, .* is left out: the preload measures a metric of that name; rename it/);
      instruments.duration('http.server.request.duration', 0.1, 'GET', '200', '/a');
      assert.deepEqual(await lines('http_requests_total'), ['http_requests_total{method="GET",status="200",endpoint="/a"} 1']);
      assert.deepEqual(await lines('process_cpu_seconds_total'), []);
    });

    it('adds to a documented metric that is the app’s to write', async () => {
      const { meters, app, lines } = rig();
      app.add('earnings_processed_total', 1, { platform: 'uber' });
      meters.getMeter('app').createCounter('earnings_processed_total').add(2, { platform: 'uber' });
      assert.deepEqual(await lines('earnings_processed_total'), ['earnings_processed_total{platform="uber"} 3']);
    });

    it('shows a metric of the app’s own where METRICS_DISABLE leaves out ours', async () => {
      const { meters, lines } = rig({ disabled: new Set(['cache'] as const) });
      meters.getMeter('app').createCounter('cache_hits_total').add(2, { cache_type: 'mine' });
      assert.deepEqual(await lines('cache_hits_total'), ['cache_hits_total{cache_type="mine"} 2']);
    });

    it('caps the values of each of its labels, as those of any other, and says so', async () => {
      const { meters, lines } = rig();
      const counter = meters.getMeter('app').createCounter('crowd');
      const log = await said(async () => {
        for (let index = 0; index < 150; index += 1) counter.add(1, { id: index, kind: index % 2 });
        const shown = await lines('crowd_total');
        assert.equal(shown.length, 102);
        assert.deepEqual(shown.slice(-2), ['crowd_total{id="other",kind="0"} 25', 'crowd_total{id="other",kind="1"} 25']);
      });
      assert.match(log.join('\n'), /more than 100 values of the label "crowd_total\{id\}".*raise METRICS_MAX_LABEL_VALUES/);
    });

    it('keeps as many of its series as label values are allowed', async () => {
      const { meters, lines } = rig({ labelCaps: { ...caps, rest: 2500 } });
      const counter = meters.getMeter('app').createCounter('allowed');
      for (let index = 0; index < 2400; index += 1) counter.add(1, { id: `${index}` });
      assert.equal((await lines('allowed_total')).length, 2400);
    });

    it('counts a callback that throws as a failed collection, and shows the rest', async () => {
      const { meters, instruments, lines } = rig();
      meters
        .getMeter('app')
        .createObservableGauge('broken')
        .addCallback(() => {
          throw new Error('callback');
        });
      instruments.record('active_users', 1);
      const log = await said(async () => assert.deepEqual(await lines('active_users'), ['active_users 1']));
      assert.match(log.join('\n'), /metric "broken" could not be read.*callback/);
      assert.deepEqual(await lines('otel_preload_collect_errors_total'), ['otel_preload_collect_errors_total 2']);
    });
  });

  describe('as text', () => {
    it('brings any label value and HELP text back to the scraper', async () => {
      const { meters, app, text } = rig();
      const values = ['"', '\\', '\n', '\\n', 'a"b\\c\nd', '', 'ünïcödé 💶', '{}=,'];
      app.declare('odd_total', { kind: 'counter', help: 'One "odd"\n\\ line.', labels: ['value'] });
      for (const value of values) app.add('odd_total', 1, { value });
      meters
        .getMeter('app')
        .createCounter('foreign')
        .add(1, { value: values.join('') });
      const shown = await text();
      assert.deepEqual(
        [...shown.matchAll(/^odd_total\{value="(.*)"\} 1$/gm)].map(([, value]) => unescaped(value!)),
        values,
      );
      assert.equal(unescaped(/^foreign_total\{value="(.*)"\} 1$/m.exec(shown)![1]!), values.join(''));
      assert.equal(unescaped(/^# HELP odd_total (.*)$/m.exec(shown)![1]!), 'One "odd"\n\\ line.');
      assert.match(await text('application/openmetrics-text'), /^# HELP odd One \\"odd\\"\\n\\\\ line\.$/m);
    });

    it('writes numbers as Prometheus reads them', async () => {
      const { meters, text } = rig();
      const values = { tiny: 1e-9, huge: 1e21, whole: 3, half: 0.5, zero: 0, minus_zero: -0, less: -2 };
      for (const [name, value] of Object.entries(values)) meters.getMeter('app').createGauge(`n_${name}`).record(value);
      const shown = Object.fromEntries([...(await text()).matchAll(/^n_(\w+) (.*)$/gm)].map(([, name, value]) => [name, value]));
      assert.deepEqual(shown, { tiny: '1e-9', huge: '1e+21', whole: '3', half: '0.5', zero: '0', minus_zero: '0', less: '-2' });
    });

    it('names each family once, with HELP before TYPE before samples, in the catalogue’s order', async () => {
      const { instruments, text } = rig();
      instruments.record('active_users', 1);
      instruments.add('errors_total', 1, 'Error', 'none');
      instruments.duration('db.client.operation.duration', 0.01, 'select', 'users');
      instruments.duration('http.server.request.duration', 0.01, 'GET', '200', '/a');
      const shown = (await text()).split('\n');
      assert.equal(shown.at(-1), '', 'the last line ends');
      let family = '';
      const families: string[] = [];
      for (const line of shown.slice(0, -1)) {
        const [, kind, name] = /^# (HELP|TYPE) (\S+) /.exec(line) ?? [];
        if (kind === 'HELP') families.push((family = name!));
        else if (kind === 'TYPE') assert.equal(name, family);
        else assert.ok(line.startsWith(family), line);
      }
      assert.deepEqual(families.slice(0, 7), [
        'http_requests_total',
        'http_request_duration_ms',
        'database_query_duration_ms',
        'slow_queries_total',
        'websocket_connections_total',
        'errors_total',
        'active_users',
      ]);
      assert.equal(new Set(families).size, families.length);
    });

    it('has no scope labels and no target_info', async () => {
      const { meters, text } = rig({ resource: { 'service.name': 'shop' } });
      meters.getMeter('app').createCounter('scoped').add(1);
      assert.doesNotMatch(await text(), /otel_scope|target_info/);
    });

    it('is Prometheus text unless OpenMetrics is liked as much', async () => {
      const { scrape } = rig();
      const prometheus3 =
        'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
      const chosen: [string | undefined, string][] = [
        [undefined, PROMETHEUS],
        ['', PROMETHEUS],
        ['*/*', PROMETHEUS],
        ['text/html,application/xhtml+xml,*/*;q=0.8', PROMETHEUS],
        ['text/plain', PROMETHEUS],
        ['text/plain;q=0.9, application/openmetrics-text;q=0.8', PROMETHEUS],
        ['application/openmetrics-text;q=0', PROMETHEUS],
        ['application/openmetrics-text;version=2.0.0', PROMETHEUS],
        ['application/openmetrics-text;version=0.0.1', PROMETHEUS],
        ['application/openmetrics-text', OPENMETRICS],
        ['Application/OpenMetrics-Text; version="1.0.0"', OPENMETRICS],
        [
          'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
          OPENMETRICS,
        ],
        [prometheus3, OPENMETRICS],
      ];
      for (const [accept, type] of chosen) assert.equal((await scrape(accept)).contentType, type, accept);
    });

    it('as OpenMetrics names counter families without _total and ends in # EOF', async () => {
      const { instruments, app, text } = rig();
      instruments.add('errors_total', 1, 'Error', 'none');
      app.record('active_users', 1);
      const shown = await text('application/openmetrics-text');
      assert.match(shown, /^# HELP errors Errors .*\n# TYPE errors counter\nerrors_total\{error_type="Error",endpoint="none"\} 1$/m);
      assert.match(shown, /^# TYPE active_users gauge$/m);
      assert.match(shown, /\n# EOF\n$/);
      assert.doesNotMatch(await text(), /EOF/);
    });
  });

  describe('while the app works', () => {
    it('lets timers run between chunks of a large scrape', async () => {
      const { app, scrape } = rig({ labelCaps: { endpoint: 1, table: 1, job_type: 1, cache_type: 1, error_type: 1, rest: 5000 } });
      app.declare('large_total', { kind: 'counter', help: 'Large.', labels: ['id'] });
      for (let id = 0; id < 5000; id += 1) app.add('large_total', 1, { id: `${id}` });
      const { chunks } = await scrape();
      let turns = 0;
      const turn = (): void => {
        turns += 1;
        pending = setImmediate(turn);
      };
      let pending = setImmediate(turn);
      let count = 0;
      let largest = 0;
      for await (const chunk of chunks) {
        count += 1;
        largest = Math.max(largest, chunk.split('\n').length);
      }
      clearImmediate(pending);
      assert.ok(count >= 5000 / 64, `${count} chunks`);
      assert.ok(largest < 200, `${largest} lines in one chunk`);
      assert.ok(turns >= count - 2, `${turns} turns of the event loop for ${count} chunks`);
    });

    it('collects once for scrapes that overlap, and again for the next one', async () => {
      const { instruments, scrape } = rig();
      let reads = 0;
      instruments.observe('cache_size_bytes', () => (reads += 1));
      await Promise.all([scrape(), scrape('application/openmetrics-text'), scrape()]);
      assert.equal(reads, 1);
      await scrape();
      assert.equal(reads, 2);
    });

    it('shows each overlapping scrape the whole text', async () => {
      const { instruments, text } = rig();
      instruments.record('active_users', 1);
      const [one, other] = await Promise.all([text(), text()]);
      assert.equal(one, other);
      assert.match(one, /^active_users 1$/m);
    });

    it('leaves out a metric that cannot be shown, says so once and counts it, and shows the rest', async () => {
      const gauge = (name: string, dataPoints: unknown): MetricData =>
        ({ descriptor: { name, description: '', unit: '' }, dataPointType: DataPointType.GAUGE, dataPoints }) as MetricData;
      let faults = 0;
      const map = documented({
        kept: () => [gauge('hostile', null), gauge('hostile', null), gauge('good', [])],
        derived: new Map(),
        observed: new Set(),
        isCurrent: () => true,
        onFault: () => (faults += 1),
        seriesLabels: undefined,
      });
      const log = await said(async () => {
        for (let scrape = 1; scrape <= 2; scrape += 1) {
          const { resourceMetrics } = await map({ resourceMetrics: { resource: {} as never, scopeMetrics: [] }, errors: [] });
          assert.deepEqual(
            resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name)),
            ['good'],
          );
          assert.equal(faults, scrape);
        }
      });
      assert.equal(log.length, 1);
      assert.match(log[0]!, /hostile could not be shown and is left out/);
    });

    it('is refused, with one line, when nothing can be collected', async () => {
      const { provider, scrape } = rig();
      await provider.shutdown();
      const log = await said(async () => {
        await assert.rejects(scrape(), /shutdown/);
        await assert.rejects(scrape(), /shutdown/);
      });
      assert.equal(log.length, 1);
      assert.match(log[0]!, /metrics could not be collected.*503.*shutdown/);
    });
  });
});
