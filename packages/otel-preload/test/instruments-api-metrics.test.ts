// What comes in by @opentelemetry/api may be anything: each row is something that an app, or a stranger's request through it, can hand over.

import assert from 'node:assert/strict';
import { ValueType } from '@opentelemetry/api';
import { caps, rig, said, type Rig } from './instruments-rig';

type Any = any;

interface Row {
  /** After "What the app makes with @opentelemetry/api". */
  readonly it: string;
  readonly config?: Parameters<typeof rig>[0];
  readonly does: (meter: Any, made: Rig) => unknown;
  /** The samples whose names begin with `of`, at the second scrape after it. */
  readonly of: string;
  readonly shows: readonly string[];
  /** What of it was counted as dropped by the third scrape, by reason, all others being 0. */
  readonly drops?: Readonly<Record<string, number>>;
  /** Each line that was said, in order. */
  readonly says?: readonly RegExp[];
}

class Num extends Number {}
const broken = {
  toString: (): string => assert.fail('code of the app was run'),
  valueOf: (): number => assert.fail('code of the app was run'),
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const throwing = new Proxy({ a: 1 }, { get: () => assert.fail('a value that cannot be read') });
const many = (count: number, of: (index: number) => void): void => Array.from({ length: count }, (_, index) => index).forEach(of);

const NO_COUNTS: readonly unknown[] = [
  undefined,
  null,
  NaN,
  Infinity,
  -Infinity,
  Number('1e400'),
  1e308,
  '5',
  true,
  {},
  [],
  Symbol('s'),
  10n,
  -1,
  new Num(5),
  broken,
];
/** What an up-down counter or gauge takes beside. */
const NO_NUMBERS = NO_COUNTS.filter((value) => value !== -1);
const NO_TEXTS: readonly unknown[] = [
  {},
  broken,
  { a: { b: 1 } },
  Symbol('s'),
  () => 1,
  new Date(0),
  [{}],
  [broken],
  Array(129).fill(1),
  10n ** 1000n,
  new Num(5),
];

const rows: readonly Row[] = [
  {
    it: 'leaves a counter as it was where it is given no count',
    does: (meter) => {
      const counter = meter.createCounter('sold');
      for (const value of [2, ...NO_COUNTS, 3, -0, 0.5]) counter.add(value);
    },
    of: 'sold',
    shows: ['sold_total 5.5'],
    drops: { invalid_value: NO_COUNTS.length },
    says: [/"sold_total" is given a value that it cannot take.*counters take finite numbers from 0 up/],
  },
  {
    it: 'leaves a gauge, and a sum that goes down, as they were',
    does: (meter) => {
      for (const value of [2, ...NO_NUMBERS]) meter.createGauge('level').record(value);
      for (const value of [2, ...NO_NUMBERS, -5]) meter.createUpDownCounter('level_sum_of').add(value);
    },
    of: 'level',
    shows: ['level 2', 'level_sum_of -3'],
    drops: { invalid_value: 2 * NO_NUMBERS.length },
    says: [/"level" is given/, /"level_sum_of" is given/],
  },
  {
    it: 'leaves a histogram as it was, its count and its buckets too',
    does: (meter) => {
      const histogram = meter.createHistogram('weight', { advice: { explicitBucketBoundaries: [5] } });
      for (const value of [2, ...NO_COUNTS, 7]) histogram.record(value);
    },
    of: 'weight',
    shows: ['weight_bucket{le="5"} 1', 'weight_bucket{le="+Inf"} 2', 'weight_sum 9', 'weight_count 2'],
    drops: { invalid_value: NO_COUNTS.length },
    says: [/"weight" is given/],
  },
  {
    it: 'takes whole numbers where that is the type of its values',
    does: (meter) =>
      [1.9, -1.9, NaN].forEach((value) => meter.createUpDownCounter('whole', { valueType: ValueType.INT }).add(value, { sign: Math.sign(value) })),
    of: 'whole',
    shows: ['whole{sign="1"} 1', 'whole{sign="-1"} -1'],
    drops: { invalid_value: 1 },
    says: [/"whole" is given/],
  },
  {
    it: 'counts a label that is no text as other, and runs no code of the app for it',
    does: (meter) => {
      const counter = meter.createCounter('plans');
      counter.add(1, { plan: 'pro' });
      for (const plan of NO_TEXTS) counter.add(1, { plan });
      counter.add(1, throwing);
      counter.add(1, { plan: 'pro' });
    },
    of: 'plans',
    shows: ['plans_total{plan="pro"} 2', `plans_total{plan="other"} ${NO_TEXTS.length}`, 'plans_total{a="other"} 1'],
    drops: { wrong_use: NO_TEXTS.length + 1 },
    says: [/"plans_total" has labels that are no texts/],
  },
  {
    it: 'writes what is as good as a text, and takes what is missing for no label',
    does: (meter) => {
      const counter = meter.createCounter('texts');
      for (const of of [7, true, 10n, NaN, ['a', 1, null, 'b"'], [], 'x', null, undefined, '']) counter.add(1, { of });
      for (const nothing of [undefined, null, 'text', 5, () => 1, Object.create({ inherited: 1 }), { [Symbol('key')]: 1 }]) counter.add(1, nothing);
    },
    of: 'texts',
    shows: [
      'texts_total{of="7"} 1',
      'texts_total{of="true"} 1',
      'texts_total{of="10"} 1',
      'texts_total{of="NaN"} 1',
      'texts_total{of="[\\"a\\",1,null,\\"b\\\\\\"\\"]"} 1',
      'texts_total{of="[]"} 1',
      'texts_total{of="x"} 1',
      'texts_total 10',
    ],
  },
  {
    it: 'counts what has attributes that cannot be read, without labels',
    does: (meter) => meter.createCounter('unread').add(1, revoked.proxy),
    of: 'unread',
    shows: ['unread_total 1'],
    drops: { wrong_use: 1 },
    says: [/"unread_total" has labels that are no texts, or cannot be read/],
  },
  {
    it: 'never shows one series twice, whatever names and values become the same',
    does: (meter) => {
      const counter = meter.createCounter('twins');
      for (const labels of [{ 'a.b': 'x', a_b: 'y' }, { a_b: 'y', 'a.b': 'x' }, { a_b: 'x;y' }]) counter.add(1, labels);
      for (const labels of [
        { 'c.z': 1, c_a: 2 },
        { c_a: 2, c_z: 1 },
        { c_z: '1', c_a: '2', d: '' },
      ])
        counter.add(1, labels);
      for (const e of ['\ud83d', '\ud83e', '\0', '\r', '\x1b', '\x85', '\u2028']) counter.add(1, { e });
    },
    of: 'twins',
    shows: ['twins_total{a_b="x;y"} 3', 'twins_total{c_a="2",c_z="1"} 3', 'twins_total{e="\ufffd"} 7'],
  },
  {
    it: 'keeps the labels that Prometheus and JavaScript have for themselves out of the way',
    does: (meter) =>
      meter.createCounter('reserved').add(1, {
        ...JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}'),
        le: 1,
        quantile: 2,
        __name__: 'n',
        '': 'e',
        '1a': 3,
      }),
    of: 'reserved',
    shows: ['reserved_total{_="e",_1a="3",_name_="n",_proto_="p",constructor="c",exported_le="1",exported_quantile="2",toString="t"} 1'],
  },
  {
    it: 'counts a value of a body’s length as other',
    does: (meter) => many(3, (index) => meter.createCounter('tomes').add(1, { body: String(index).repeat(1e6) })),
    of: 'tomes',
    shows: ['tomes_total{body="other"} 3'],
    drops: { label_cap: 3 },
    says: [/"tomes_total\{body\}" has more than 1024 characters/],
  },
  {
    it: 'has 24 labels at the most, and counts without the others',
    does: (meter) => {
      const counter = meter.createCounter('wide');
      many(24, (index) => counter.add(1, { [`k${index}`]: '' }));
      many(1000, (index) => counter.add(1, { [`more${index}`]: 'x', k0: 'y' }));
      counter.add(1, { ['n'.repeat(201)]: 1, k0: 'y' });
      counter.add(1, Object.fromEntries(Array.from({ length: 1e5 }, (_, index) => [`k${index % 30}.${index}`, index])));
    },
    of: 'wide',
    shows: ['wide_total 25', 'wide_total{k0="y"} 1001'],
    drops: { label_cap: 1001 + 1 + 128 },
    says: [/"wide_total" is given more than 24 labels/],
  },
  {
    it: 'keeps its sum where labels multiply',
    config: { seriesCap: 100 },
    does: (meter) => many(5000, (index) => meter.createCounter('product').add(1, { a: index % 7, b: index % 11, c: index % 13 })),
    of: 'product_total{a="other"',
    shows: ['product_total{a="other",b="other",c="other"} 4500'],
    drops: { label_cap: 4500 },
    says: [/"product_total" has more series than there is room for \(100 of one metric, 1000 of all.*METRICS_MAX_SERIES/],
  },
  {
    it: 'has so many series altogether, each metric keeping its sum',
    config: { labelCaps: { ...caps, rest: 2 }, seriesCap: 2 },
    does: (meter) => many(15, (name) => ['x', 'y'].forEach((a) => meter.createCounter(`all_${name + 10}`).add(1, { a }))),
    of: 'all_2',
    shows: [
      'all_20_total{a="other"} 2',
      'all_21_total{a="other"} 2',
      'all_22_total{a="other"} 2',
      'all_23_total{a="other"} 2',
      'all_24_total{a="other"} 2',
    ],
    drops: { label_cap: 10 },
    says: Array.from({ length: 5 }, () => /has more series than there is room for/),
  },
  {
    it: 'has so much text altogether',
    config: { seriesCap: 100 },
    does: (meter) => {
      const histogram = meter.createHistogram('long');
      many(100, (index) => histogram.record(1, { a: 'a'.repeat(1000) + index, b: 'b'.repeat(1000), c: 'c'.repeat(1000) }));
    },
    of: 'long_count{a="other"',
    shows: ['long_count{a="other",b="other",c="other"} 82'],
    drops: { label_cap: 82 },
    says: [/"long" has more series than there is room for/],
  },
  {
    it: 'has a thousand metrics at the most, and the log an end',
    does: (meter, { meters }) => {
      many(1100, (index) => (meters.getMeter(`meter ${index}`) as Any).createCounter(`made ${index}`).add(1));
      meter.createCounter('made 0').add(1);
    },
    of: 'made_0',
    shows: ['made_0_total 2'],
    drops: { wrong_use: 100 },
    says: Array.from({ length: 50 }, () => /is left out: there are more than 1000 metrics/),
  },
  {
    it: 'is left out where its name is none',
    does: (meter) => {
      const names: readonly unknown[] = ['', ' ', '_total', 'é', 'a'.repeat(1000), null, undefined, {}, Symbol('s'), broken, 5];
      for (const name of names) for (const kind of ['createCounter', 'createObservableGauge']) meter[kind](name).add(1);
      meter.createCounter('named').add(1);
    },
    of: 'named',
    shows: ['named_total 1'],
    drops: { wrong_use: 22 },
    says: [
      ...Array.from({ length: 4 }, () => /is no text with letters/),
      /has more than 255 characters/,
      ...Array.from({ length: 4 }, () => /is no text with letters/),
    ],
  },
  {
    it: 'is left out where its name is that of a histogram’s series, be it whose it may',
    does: (meter, { app }) => {
      app.declare('sizes', { kind: 'histogram', help: 'Sizes.', labels: [], boundaries: [1] });
      meter.createGauge('sizes_count').record(5);
      meter.createHistogram('times').record(1);
      meter.createUpDownCounter('times.sum').add(5);
      meter.createGauge('http_request_duration_ms_bucket').record(5);
      meter.createGauge('late_count').record(5);
      meter.createHistogram('late').record(1);
      app.declare('times_bucket', { kind: 'gauge', help: 'Clash.', labels: [] });
      app.record('sizes', 1);
    },
    of: 'sizes_count',
    shows: ['sizes_count 1'],
    drops: { wrong_use: 4 },
    says: [
      /"sizes_count".*those of the series of "sizes"/,
      /"times.sum".*"times"/,
      /"http_request_duration_ms_bucket".*"http_/,
      /"late".*"late_count"/,
      /"times_bucket" is left out/,
    ],
  },
  {
    it: 'is left out where its name is another one’s, in another kind or unit',
    does: (meter, { meters }) => {
      meter.createHistogram('lasts', { unit: 's' }).record(1);
      meters.getMeter('other').createHistogram('lasts', { unit: 'ms' }).record(1000);
      meters.getMeter('other').createHistogram('lasts').record(1);
      meter.createGauge('lasts').record(1);
      meter.createObservableUpDownCounter('gauge');
      meter.createGauge('gauge').record(1);
    },
    of: 'lasts_sum',
    shows: ['lasts_sum 2'],
    drops: { wrong_use: 3 },
    says: [/"lasts".*in the unit "s"/, /"lasts".*a histogram/, /"gauge".*a up-down counter/],
  },
  {
    it: 'has the buckets of whoever came first',
    does: (meter, { app, meters }) => {
      meter.createHistogram('first', { advice: { explicitBucketBoundaries: [3, 1, 1, Infinity] } }).record(2);
      (meters.getMeter('other') as Any).createHistogram('first', { advice: { explicitBucketBoundaries: [7] } }).record(8);
      app.declare('first', { kind: 'histogram', help: 'Other buckets.', labels: [], boundaries: [7] });
    },
    of: 'first',
    shows: ['first_bucket{le="1"} 0', 'first_bucket{le="3"} 1', 'first_bucket{le="+Inf"} 2', 'first_sum 10', 'first_count 2'],
    says: [/"first" is left out: there is another metric of that name, with other boundaries/],
  },
  {
    it: 'has OpenTelemetry’s buckets where it is advised none that are numbers, and few',
    does: (meter) => {
      const advices: readonly unknown[] = ['none', [NaN], ['1'], [broken], Array.from({ length: 101 }, (_, index) => index)];
      advices.forEach((explicitBucketBoundaries, index) =>
        meter.createHistogram(`advised.${index}`, { advice: { explicitBucketBoundaries } }).record(1),
      );
      meter.createHistogram('advised.no', { advice: { explicitBucketBoundaries: [] } }).record(1);
      for (const options of [null, 5, { advice: null }, { unit: {}, description: 1 }, revoked.proxy])
        meter.createHistogram('advised', options).record(1);
    },
    of: 'advised_no',
    shows: ['advised_no_bucket{le="+Inf"} 1', 'advised_no_sum 1', 'advised_no_count 1'],
    drops: { wrong_use: 1 },
    says: [...Array.from({ length: 5 }, () => /has boundaries that are no numbers, or more than 100/), /a metric of the app.*is left out/],
  },
  {
    it: 'shows what was observed last, of counts what several meters observe together, and nothing that is not observed any more',
    does: (meter, { meters }) => {
      let scrape = 0;
      const counter = meter.createObservableCounter('seen');
      counter.addCallback((result: Any) => {
        scrape += 1;
        for (const value of [1, ...NO_COUNTS, 5]) result.observe(value, { of: 'all' });
        result.observe(1, { of: scrape === 1 ? 'first' : 'second' });
      });
      counter.addCallback((result: Any) => result.observe(6, { of: 'all' }));
      (meters.getMeter('other') as Any).createObservableCounter('seen').addCallback((result: Any) => result.observe(7, { of: 'all' }));
      counter.addCallback(assert.fail);
      counter.removeCallback(assert.fail);
    },
    of: 'seen',
    shows: ['seen_total{of="all"} 13', 'seen_total{of="second"} 1'],
    drops: { invalid_value: 3 * NO_COUNTS.length },
    says: [/"seen_total" is given a value/],
  },
  {
    it: 'observes the sum of those that find no room',
    config: { labelCaps: { ...caps, rest: 3 } },
    does: (meter) => {
      let next = 0;
      const counter = meter.createObservableCounter('churn');
      for (const _ of [1, 2]) counter.addCallback((result: Any) => many(5, () => result.observe(2, { id: (next += 1) })));
    },
    of: 'churn',
    shows: ['churn_total{id="other"} 20'],
    drops: { label_cap: 27 },
    says: [/more than 3 values of the label "churn_total\{id\}"/],
  },
  {
    it: 'goes without callbacks that fail, and takes nothing of theirs',
    does: (meter) => {
      const gauge = meter.createObservableGauge('fails');
      const thrown = (result: Any): never => (result.observe(1, { by: 'throwing' }), assert.fail('a callback'));
      for (const callback of [null, 5, thrown, async (result: Any) => thrown(result), () => throwing, broken]) gauge.addCallback(callback);
      gauge.addCallback(async (result: Any) => {
        await new Promise((resolve) => setImmediate(resolve));
        result.observe(2, { by: 'waiting' });
      });
      meter.addBatchObservableCallback(
        (result: Any) => [gauge, null, {}, 5].forEach((one) => result.observe(one, 3, { by: 'batch' })),
        [gauge, null, gauge],
      );
      for (const observables of [null, 5, [], [null]]) meter.addBatchObservableCallback(assert.fail, observables);
    },
    of: 'fails',
    shows: ['fails{by="batch"} 3', 'fails{by="waiting"} 2'],
    drops: { wrong_use: 3 },
    says: [
      /"fails" has a callback that is no function/,
      /a callback for several metrics failed/,
      /"fails" could not be read.*a callback/,
      /"fails" could not be read.*a value that cannot be read/,
    ],
  },
  {
    it: 'takes nothing that a callback observes when its collection is over',
    does: (meter) => {
      let first: Any;
      meter.createObservableGauge('late').addCallback((result: Any) => {
        first?.observe(9, { by: 'late' });
        first = result;
        result.observe(1, { by: 'now' });
      });
    },
    of: 'late',
    shows: ['late{by="now"} 1'],
    drops: { wrong_use: 2 },
    says: [/"late" is observed after the collection/],
  },
  {
    it: 'has a thousand callbacks at the most',
    does: (meter) => many(1100, (index) => meter.createObservableGauge('requests.seen').addCallback((result: Any) => result.observe(index))),
    of: 'requests_seen',
    shows: ['requests_seen 999'],
    drops: { wrong_use: 100 },
    says: [/"requests_seen" has a callback that is one of more than 1000/],
  },
];

async function dropped({ lines }: Rig): Promise<Record<string, number>> {
  const shown = await lines('otel_preload_dropped_total{');
  return Object.fromEntries(
    shown.map((line) => /reason="(\w+)"\} (\d+)/.exec(line)!.slice(1)).flatMap(([reason, count]) => (count === '0' ? [] : [[reason, Number(count)]])),
  );
}

describe('What the app makes with @opentelemetry/api', () => {
  for (const { it: sentence, config, does, of, shows, drops, says } of rows) {
    it(sentence, async () => {
      const made = rig(config);
      let shown: readonly string[] = [];
      const log = await said(async () => {
        await does(made.meters.getMeter('app'), made);
        await made.text();
        shown = await made.lines(of);
      });
      assert.deepEqual(shown, shows);
      assert.equal(log.length, says?.length ?? 0, log.join('\n'));
      log.forEach((line, index) => assert.match(line, says![index]!));
      assert.deepEqual(await dropped(made), drops ?? {});
    });
  }
});
