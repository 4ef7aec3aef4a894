import assert from 'node:assert/strict';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { collectGarbage, rig, type Rig } from './instruments-rig';

interface Pushed extends Rig {
  /** What the pushing reader exports now, without the preload's words about itself. */
  readonly push: () => Promise<MetricData[]>;
}

function pushing(temporality: AggregationTemporality): Pushed {
  const exporter = new InMemoryMetricExporter(temporality);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
  const made = rig();
  made.feed(reader);
  const push = async (): Promise<MetricData[]> => {
    exporter.reset();
    await reader.forceFlush();
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    return metrics.filter(({ descriptor }) => !descriptor.name.startsWith('otel_preload'));
  };
  return { ...made, push };
}

/** Name, labels and value, without times. */
const shapes = (metrics: readonly MetricData[]): unknown[] =>
  metrics.flatMap(({ descriptor, dataPoints }) => dataPoints.map(({ attributes, value }) => [descriptor.name, { ...attributes }, value]));

function histogram(boundaries: readonly number[], within: number, count: number, sum: number): unknown {
  return { buckets: { boundaries, counts: [...boundaries.map((_, index) => (index === within ? count : 0)), 0] }, sum, count };
}

const HTTP = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
const DATABASE = [1, 5, 10, 50, 100, 500, 1000, 5000, 10000];

function request({ instruments }: Rig): void {
  instruments.duration('http.server.request.duration', 0.008, 'GET', '200', '/a');
  instruments.duration('db.client.operation.duration', 0.25, 'select', 'users');
}

const expected = (times: number): unknown[] => [
  ['http_requests_total', { method: 'GET', status: '200', endpoint: '/a' }, times],
  ['http_request_duration_ms', { method: 'GET', endpoint: '/a' }, histogram(HTTP, 1, times, 8 * times)],
  ['database_query_duration_ms', { query_type: 'select', table: 'users' }, histogram(DATABASE, 5, times, 250 * times)],
  ['slow_queries_total', { query_type: 'select', table: 'users' }, times],
];

describe('A reader that pushes', () => {
  it('gets the documented families with their labels as plain attributes, without unit', async () => {
    const pushed = pushing(AggregationTemporality.CUMULATIVE);
    request(pushed);
    const metrics = (await pushed.push()).filter(({ descriptor }) => !descriptor.name.startsWith('websocket'));
    assert.deepEqual(shapes(metrics), expected(1));
    assert.deepEqual(new Set(metrics.map(({ descriptor }) => descriptor.unit)), new Set(['']));
    assert.deepEqual(
      metrics.map(({ dataPointType }) => dataPointType),
      [DataPointType.SUM, DataPointType.HISTOGRAM, DataPointType.HISTOGRAM, DataPointType.SUM],
    );
  });

  it('gets deltas where it asks for them, while the scrape goes on to count from the start', async () => {
    const pushed = pushing(AggregationTemporality.DELTA);
    const moving = async (): Promise<unknown[]> => shapes((await pushed.push()).filter(({ descriptor }) => !descriptor.name.startsWith('websocket')));
    for (let round = 1; round <= 3; round += 1) {
      for (let times = 0; times < round; times += 1) request(pushed);
      assert.deepEqual(await moving(), expected(round));
      const total = (round * (round + 1)) / 2;
      assert.deepEqual(await pushed.lines('slow_queries_total'), [`slow_queries_total{query_type="select",table="users"} ${total}`]);
      assert.deepEqual(await pushed.lines('http_request_duration_ms_sum'), [`http_request_duration_ms_sum{method="GET",endpoint="/a"} ${8 * total}`]);
    }
    assert.deepEqual(await moving(), []);
  });

  it('gets deltas of the app’s own metrics too, and gauges as they stand', async () => {
    const pushed = pushing(AggregationTemporality.DELTA);
    pushed.app.declare('sold_total', { kind: 'counter', help: 'Sold.', labels: ['shop'] });
    pushed.app.declare('basket_euros', { kind: 'histogram', help: 'Baskets.', labels: [], boundaries: [10] });
    pushed.app.declare('shops_open', { kind: 'gauge', help: 'Shops.', labels: [] });
    pushed.app.record('shops_open', 3);
    const orders = pushed.provider.getMeter('app').createCounter('app.orders');
    for (let round = 1; round <= 3; round += 1) {
      pushed.app.add('sold_total', round, { shop: 'a' });
      if (round === 2) pushed.app.add('sold_total', 1, { shop: 'b' });
      pushed.app.record('basket_euros', round);
      orders.add(round, { 'shop.id': 1 });
      assert.deepEqual(shapes((await pushed.push()).filter(({ descriptor }) => !descriptor.name.startsWith('websocket'))), [
        ['app_orders_total', { shop_id: '1' }, round],
        ['basket_euros', {}, histogram([10], 0, 1, round)],
        ['shops_open', {}, 3],
        ['sold_total', { shop: 'a' }, round],
        ...(round === 2 ? [['sold_total', { shop: 'b' }, 1]] : []),
      ]);
    }
  });

  it('gets the same series as a scrape of the same moment', async () => {
    const pushed = pushing(AggregationTemporality.CUMULATIVE);
    request(pushed);
    pushed.instruments.observe('cache_hits_total', (observe) => observe(3, 'user'));
    pushed.app.record('active_users', 7);
    pushed.provider.getMeter('app').createCounter('app.orders').add(2, { 'shop.id': 7 });
    const names = (await pushed.push()).map(({ descriptor }) => descriptor.name);
    const scraped = [...(await pushed.text()).matchAll(/^# TYPE (\S+)/gm)]
      .map(([, name]) => name!)
      .filter((name) => !name.startsWith('otel_preload'));
    assert.deepEqual(names, scraped);
    const orders = (await pushed.push()).find(({ descriptor }) => descriptor.name === 'app_orders_total');
    assert.deepEqual(shapes([orders!]), [['app_orders_total', { shop_id: '7' }, 2]]);
  });

  it('leaves nothing behind when nobody else collects', async () => {
    const pushed = pushing(AggregationTemporality.CUMULATIVE);
    const heapAfter = async (pushes: number): Promise<number> => {
      for (let push = 0; push < pushes; push += 1) {
        for (let route = 0; route < 190; route += 1) pushed.instruments.duration('http.server.request.duration', 0.01, 'GET', '200', `/${route}`);
        await pushed.push();
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await heapAfter(20);
    const after = await heapAfter(100);
    assert.ok(after < before * 1.05, `${before} and then ${after} bytes`);
  });
});
