import assert from 'node:assert/strict';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { Batch } from '../src/exposition/feed';
import { familiesOf } from '../src/workers/family';
import { caps, collectGarbage, rig, type Rig } from './instruments-rig';

interface Pushed extends Rig {
  /** What is pushed now, and arrives. */
  readonly push: () => Promise<MetricData[]>;
  /** The batches of a push, of which those arrive that `arrives` says. */
  readonly batches: (arrives: (batch: Batch, index: number) => boolean) => Promise<Batch[]>;
}

function pushing(temporality: AggregationTemporality, labelCaps = caps): Pushed {
  const made = rig({ disabled: new Set(['otel_preload']), labelCaps });
  const feed = made.feed({ deltas: temporality === AggregationTemporality.DELTA, gauges: true });
  const batches: Pushed['batches'] = async (arrives) => {
    const all: Batch[] = [];
    for await (const batch of feed()) if (arrives(batch, all.push(batch) - 1)) batch.delivered();
    return all;
  };
  return { ...made, batches, push: async () => metricsOf(await batches(() => true)) };
}

const metricsOf = (batches: readonly Batch[]): MetricData[] => batches.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));

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

const sum = (batches: readonly Batch[]): number =>
  metricsOf(batches)
    .filter(({ descriptor }) => descriptor.name === 'sold_total')
    .flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value as number))
    .reduce((total, value) => total + value, 0);

describe('The metrics that are pushed', () => {
  it('are the documented families with their labels as plain attributes, without unit', async () => {
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

  it('are deltas where they are asked for, while the scrape goes on to count from the start', async () => {
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

  it('are deltas of the app’s own metrics too, and gauges as they stand', async () => {
    const pushed = pushing(AggregationTemporality.DELTA);
    pushed.app.declare('sold_total', { kind: 'counter', help: 'Sold.', labels: ['shop'] });
    pushed.app.declare('basket_euros', { kind: 'histogram', help: 'Baskets.', labels: [], boundaries: [10] });
    pushed.app.declare('shops_open', { kind: 'gauge', help: 'Shops.', labels: [] });
    pushed.app.record('shops_open', 3);
    const orders = pushed.meters.getMeter('app').createCounter('app.orders');
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

  it('tell what came since a total began anew, and never less than nothing', async () => {
    const pushed = pushing(AggregationTemporality.DELTA);
    let evicted = 5;
    pushed.meters
      .getMeter('app')
      .createObservableCounter('app.evicted')
      .addCallback((result) => result.observe(evicted));
    const deltas: unknown[] = [];
    for (evicted of [5, 8, 2, 3]) {
      const metrics = await pushed.push();
      deltas.push(...metrics.filter(({ descriptor }) => descriptor.name === 'app_evicted_total').flatMap(({ dataPoints }) => dataPoints[0]!.value));
    }
    assert.deepEqual(deltas, [5, 3, 2, 1]);
  });

  it('are the same series as those of a scrape of the same moment', async () => {
    const pushed = pushing(AggregationTemporality.CUMULATIVE);
    request(pushed);
    pushed.instruments.observe('cache_hits_total', (observe) => observe(3, 'user'));
    pushed.app.record('active_users', 7);
    pushed.meters.getMeter('app').createCounter('app.orders').add(2, { 'shop.id': 7 });
    const names = (await pushed.push()).map(({ descriptor }) => descriptor.name);
    const scraped = [...(await pushed.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);

    assert.deepEqual(names, scraped);
    const orders = (await pushed.push()).find(({ descriptor }) => descriptor.name === 'app_orders_total');
    assert.deepEqual(shapes([orders!]), [['app_orders_total', { shop_id: '7' }, 2]]);
  });

  it('tell in a later push what has not arrived, for each batch apart, and nothing twice', async () => {
    const items = 2500;
    const pushed = pushing(AggregationTemporality.DELTA, { ...caps, rest: items });
    pushed.app.declare('sold_total', { kind: 'counter', help: 'Sold.', labels: ['item'] });
    let arrived = 0;
    for (const lost of [1, 0, 2, undefined]) {
      for (let item = 0; item < items; item += 1) pushed.app.add('sold_total', 1, { item: `${item}` });
      const batches = await pushed.batches((_, index) => index !== lost);
      assert.ok(batches.length >= 3 && batches.every(({ points }) => points <= 1000), 'there are batches to lose');
      arrived += sum(batches.filter((_, index) => index !== lost));
    }
    assert.equal(arrived, 4 * items);
  });

  it('hand on to other workers no value that JSON has no number for', () => {
    const dataPoints = [NaN, Infinity, 5, -Infinity].map((value) => ({ attributes: {}, value }));
    const gauge = { descriptor: { name: 'g', description: '' }, dataPointType: DataPointType.GAUGE, dataPoints } as unknown as MetricData;
    assert.deepEqual(
      familiesOf([gauge]).flatMap(({ series }) => series),
      [[{}, 5]],
    );
  });

  it('leave nothing behind when nobody else collects', async () => {
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
