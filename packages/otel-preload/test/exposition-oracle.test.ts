// Our text beside the text that OpenTelemetry's own serializer writes of the same metrics: sample for sample.

import assert from 'node:assert/strict';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { rig, type Rig } from './instruments-rig';

const ODD = ['plain', '', 'say "hi"', 'back\\slash', 'two\nlines', 'naïve ☃', '{}=,'];

/** Every kind of metric, in each way that an app has of making it, under odd labels. */
function fill({ instruments, app, meters }: Rig): void {
  app.declare('refunds_total', { kind: 'counter', help: 'Refunds, "paid"\nout \\ back.', labels: ['reason'] });
  app.declare('basket_euros', { kind: 'histogram', help: 'Baskets.', labels: ['shop'], boundaries: [0.5, 10, 1e6] });
  app.declare('queue_length', { kind: 'gauge', help: 'Queue.', labels: [] });
  const meter = meters.getMeter('app');
  const orders = meter.createCounter('app.orders', { description: 'Orders.', unit: 's' });
  const depth = meter.createUpDownCounter('app.depth');
  const weight = meter.createHistogram('app.weight', { advice: { explicitBucketBoundaries: [1, 2.5] } });
  meter.createObservableGauge('app.heat').addCallback((result) => result.observe(-273.15, { room: 'cold' }));
  for (const [index, value] of ODD.entries()) {
    app.add('refunds_total', index + 0.1, { reason: value });
    app.record('basket_euros', index * 7, { shop: value });
    orders.add(index, { 'customer.kind': value, attempt: index });
    depth.add(-index, { place: value });
    weight.record(index, { place: value });
    instruments.duration('http.server.request.duration', index / 100, 'GET', '200', `/${value}`);
  }
  app.record('queue_length', 1e21);
}

/** `name{labels}` → value, the labels in the order of their names. */
function samples(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const sorted = (labels: string): string =>
    [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
      .map(([label]) => label)
      .toSorted()
      .join();
  return Object.fromEntries(
    lines.map((line) => {
      const sample = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      assert.ok(sample, line);
      const [, name, labels = '', value = ''] = sample;
      return [`${name}{${sorted(labels)}}`, Number(value.replace('Inf', 'Infinity'))];
    }),
  );
}

async function collected({ feed }: Rig): Promise<ScopeMetrics[]> {
  const all: ScopeMetrics[] = [];
  for await (const { scopeMetrics } of feed({ deltas: false, gauges: true })()) all.push(...scopeMetrics);
  return all;
}

describe('The exposition', () => {
  it('has the samples that OpenTelemetry’s Prometheus serializer writes of the same metrics', async () => {
    const made = rig({ disabled: new Set(['otel_preload']) });
    fill(made);
    const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
    const theirs = samples(serializer.serialize({ resource: resourceFromAttributes({}), scopeMetrics: await collected(made) }));

    assert.ok(Object.keys(theirs).length > 200, 'there is something to compare');
    assert.deepEqual(samples(await made.text()), theirs);
  });
});
