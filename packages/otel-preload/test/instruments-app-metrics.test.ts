import assert from 'node:assert/strict';
import type { OwnMetric } from '../src/preloaded';
import { caps, rig, said } from './instruments-rig';

const counter = (...labels: string[]): OwnMetric => ({ kind: 'counter', help: 'Refunds.', labels });

describe("The app's own metrics", () => {
  it('are shown under their names and labels, after the documented ones, in alphabetical order', async () => {
    const { app, text } = rig();
    app.declare('zebras', { kind: 'gauge', help: 'Zebras.', labels: [] });
    app.declare('refunds_total', counter('reason', 'currency'));
    app.add('refunds_total', 2, { currency: 'eur', reason: 'duplicate' });
    app.add('refunds_total', 0.5, { reason: 'duplicate', currency: 'eur' });
    app.record('zebras', 7);
    app.record('zebras', -1);
    const shown = (await text()).split('\n');
    const own = shown.slice(shown.indexOf('# HELP refunds_total Refunds.'));
    assert.deepEqual(own.slice(0, 6), [
      '# HELP refunds_total Refunds.',
      '# TYPE refunds_total counter',
      'refunds_total{reason="duplicate",currency="eur"} 2.5',
      '# HELP zebras Zebras.',
      '# TYPE zebras gauge',
      'zebras -1',
    ]);
  });

  it('may be histograms with buckets of their own, in their own unit', async () => {
    const { app, lines } = rig();
    app.declare('basket_euros', { kind: 'histogram', help: 'Baskets.', labels: ['shop'], boundaries: [1, 2.5, 10] });
    for (const value of [1, 3, 11]) app.record('basket_euros', value, { shop: 'a' });
    assert.deepEqual(await lines('basket_euros'), [
      'basket_euros_bucket{shop="a",le="1"} 1',
      'basket_euros_bucket{shop="a",le="2.5"} 1',
      'basket_euros_bucket{shop="a",le="10"} 2',
      'basket_euros_bucket{shop="a",le="+Inf"} 3',
      'basket_euros_sum{shop="a"} 15',
      'basket_euros_count{shop="a"} 3',
    ]);
  });

  it('keep the numbers of each of many series apart', async () => {
    const { app, lines } = rig();
    app.declare('many_ms', { kind: 'histogram', help: 'Many.', labels: ['id'], boundaries: [10, 20] });
    app.declare('many_total', counter('id'));
    for (let round = 0; round < 2; round += 1) {
      for (let id = 1; id <= 90; id += 1) {
        for (const value of [10, 15, 15, 25]) app.record('many_ms', value + id / 1000, { id: `${id}` });
        app.add('many_total', id, { id: `${id}` });
      }
    }
    const shown = await lines('many_');
    for (let id = 1; id <= 90; id += 1) {
      const of = `{id="${id}"`;
      assert.deepEqual(
        shown.filter((line) => line.includes(`${of},`) || line.includes(`${of}}`)).map((line) => Math.round(Number(line.split(' ')[1]) * 1e6) / 1e6),
        [0, 6, 8, (65 + (4 * id) / 1000) * 2, 8, id * 2].map((value) => Math.round(value * 1e6) / 1e6),
        `series ${id}`,
      );
    }
  });

  it('may have more labels than any documented one', async () => {
    const { app, lines } = rig();
    app.declare('wide_total', counter('a', 'b', 'c', 'd', 'e'));
    const labels = { e: '5', d: '4', c: '3', b: '2', a: '1' };
    app.add('wide_total', 1, labels);
    app.add('wide_total', 1, labels);
    assert.deepEqual(await lines('wide_total'), ['wide_total{a="1",b="2",c="3",d="4",e="5"} 2']);
  });

  it('have label budgets of their own, which leave those of the documented metrics alone', async () => {
    const { app, instruments, lines } = rig({ labelCaps: { ...caps, endpoint: 2, rest: 3 } });
    app.declare('crawled_total', counter('endpoint'));
    const log = await said(() => {
      for (let page = 0; page < 10; page += 1) app.add('crawled_total', 1, { endpoint: `/${page}` });
    });
    instruments.add('errors_total', 1, 'Error', '/mine');
    assert.deepEqual(await lines('crawled_total'), [
      ...[0, 1, 2].map((page) => `crawled_total{endpoint="/${page}"} 1`),
      'crawled_total{endpoint="other"} 7',
    ]);
    assert.deepEqual(await lines('errors_total'), ['errors_total{error_type="Error",endpoint="/mine"} 1']);
    assert.match(log.join('\n'), /more than 3 values of the label "crawled_total\{endpoint\}".*METRICS_MAX_LABEL_VALUES/);
  });

  it('write the documented metrics that are theirs, unless the family is disabled', async () => {
    const { app, lines } = rig();
    app.add('earnings_processed_total', 3, { platform: 'uber' });
    app.record('active_users', 42);
    assert.deepEqual(await lines('earnings_processed_total'), ['earnings_processed_total{platform="uber"} 3']);
    assert.deepEqual(await lines('active_users'), ['active_users 42']);
    const disabled = rig({ disabled: new Set(['business'] as const) });
    const log = await said(() => disabled.app.record('active_users', 42));
    assert.deepEqual(await disabled.lines('active_users'), []);
    assert.deepEqual(log, []);
  });

  it('may be declared again alike, in each module that uses them', async () => {
    const { app, lines } = rig();
    const log = await said(() => {
      app.declare('shared_total', counter('a'));
      app.declare('shared_total', counter('a'));
    });
    app.add('shared_total', 1, { a: 'x' });
    assert.deepEqual(await lines('shared_total'), ['shared_total{a="x"} 1']);
    assert.deepEqual(log, []);
  });

  const faults: [string, string, OwnMetric, RegExp][] = [
    ['a name with other characters', 'app.refunds', counter(), /letters, digits and _/],
    ['a name that begins with a digit', '2nd_total', counter(), /letters, digits and _/],
    ['a counter without _total', 'refunds', counter(), /ends in _total/],
    ['a gauge with _total', 'users_total', { kind: 'gauge', help: 'Users.', labels: [] }, /ends in _total/],
    ['the name of a documented metric', 'http_requests_total', counter(), /that of a documented metric/],
    ['a label that Prometheus keeps for itself', 'refunds_b_total', counter('__name__'), /"__name__" cannot be the name of a label/],
    ['a label le', 'refunds_c_total', counter('le'), /"le" cannot be the name of a label/],
    ['a label twice', 'refunds_d_total', counter('a', 'a'), /two of its labels have the same name/],
    [
      'boundaries that do not ascend',
      'refunds_ms',
      { kind: 'histogram', help: 'Refunds.', labels: [], boundaries: [1, 1] },
      /boundaries do not ascend/,
    ],
    ['another kind', 'refunds_f_ms', { ...counter(), kind: 'summary' as 'gauge' }, /kind is counter, gauge or histogram/],
    ['a help that is no text', 'refunds_g_total', { ...counter(), help: 5 as unknown as string }, /help is a text/],
    ['labels that are no list', 'refunds_h_total', { ...counter(), labels: 'ab' as unknown as string[] }, /its labels and boundaries are lists/],
    ['more labels than a scraper takes', 'refunds_i_total', counter(...Array.from({ length: 25 }, (_, index) => `l${index}`)), /more than 24 labels/],
    [
      'more buckets than are of use',
      'refunds_j_ms',
      { kind: 'histogram', help: 'Refunds.', labels: [], boundaries: Array.from({ length: 101 }, (_, index) => index) },
      /more than 100 boundaries/,
    ],
    ['no letter in its name', '_total', counter(), /no text with letters/],
    ['a name beyond all measure', `${'a'.repeat(256)}_total`, counter(), /more than 255 characters/],
    ['the name of a histogram’s series', 'job_duration_ms_count', { kind: 'gauge', help: 'Clash.', labels: [] }, /series of "job_duration_ms"/],
    ['no declaration at all', 'refunds_e_total', undefined as unknown as OwnMetric, /"refunds_e_total" is left out: TypeError/],
  ];
  for (const [fault, name, metric, line] of faults) {
    it(`are left out, with one line, if declared with ${fault}`, async () => {
      const { app, lines } = rig();
      const log = await said(() => {
        app.declare(name, metric);
        app.declare(name, metric);
      });
      assert.equal(log.length, 1, log.join('\n'));
      assert.match(log[0]!, line);
      if (name === 'http_requests_total') return;
      app.add(name, 1);
      assert.deepEqual(await lines(name), []);
    });
  }

  it('keep their first declaration when a second one differs', async () => {
    const { app, lines } = rig();
    app.declare('twice_total', counter('a'));
    const log = await said(() => app.declare('twice_total', counter('b')));
    app.add('twice_total', 1, { a: 'x' });
    assert.deepEqual(await lines('twice_total'), ['twice_total{a="x"} 1']);
    assert.match(log.join('\n'), /"twice_total" is left out: it is declared twice/);
  });

  for (const labels of [
    ['a', 'b', 'c'],
    ['a', 'b', 'c', 'd'],
  ]) {
    it(`keep their sum where ${labels.length} labels multiply: what finds no room is other`, async () => {
      const { app, lines } = rig({ seriesCap: 100 });
      const name = `product_${labels.length}_total`;
      app.declare(name, counter(...labels));
      const log = await said(() => {
        for (let index = 0; index < 5005; index += 1)
          app.add(name, 1, Object.fromEntries(labels.map((label, of) => [label, index % [7, 11, 13, 5][of]!])));
      });
      const shown = await lines(name);
      const sum = shown.reduce((total, line) => total + Number(line.split(' ')[1]), 0);
      assert.equal(shown.length, 101);
      assert.equal(sum, 5005);
      assert.ok(shown.includes(`${name}{${labels.map((label) => `${label}="other"`).join(',')}} ${labels.length === 3 ? 4505 : 4905}`), shown.at(-1));
      assert.equal(log.length, 1);
      assert.match(log[0]!, /has more series than there is room for \(100 of one metric.*METRICS_MAX_SERIES/);
    });
  }

  it('have a help that is cut where it is no sentence any more', async () => {
    const { app, text } = rig();
    app.declare('novel_total', { kind: 'counter', help: 'word '.repeat(1e6), labels: [] });
    assert.equal(/^# HELP novel_total (.*)$/m.exec(await text())![1]!.length, 1025);
  });

  it('stop at a thousand, since names that are made of data would have no end', async () => {
    const { app } = rig();
    const log = await said(() => {
      for (let index = 0; index < 1100; index += 1) app.declare(`made_${index}_total`, counter());
    });
    assert.equal(log.length, 50, 'and the log has an end too');
    assert.match(log[0]!, /"made_1000_total" is left out: there are more than 1000 metrics/);
  });

  const wrong: [string, (app: ReturnType<typeof rig>['app'], name: string) => void, string, RegExp][] = [
    ['add() to a gauge', (app) => app.add('active_users', 1), 'wrong_use', /a gauge has no add\(\)/],
    ['record() into a counter', (app) => app.record('earnings_processed_total', 1), 'wrong_use', /a counter has no record\(\)/],
    ['a negative count', (app, name) => app.add(name, -1), 'invalid_value', /a counter takes finite numbers from 0 up/],
    ['NaN', (app, name) => app.add(name, NaN), 'invalid_value', /a counter takes finite numbers from 0 up/],
    ['text as a value', (app, name) => app.add(name, '1' as unknown as number), 'invalid_value', /a counter takes finite numbers from 0 up/],
    ['a name that was not declared', (app) => app.add('constructor', 1), 'undeclared_metric', /"constructor" cannot be written so.*not declared/],
  ];
  for (const [use, write, reason, line] of wrong) {
    it(`take ${use} with one line, a count of what was dropped, and no exception`, async () => {
      const { app, lines } = rig();
      const name = `wrong_${reason}_${use.length}_total`;
      app.declare(name, counter());
      const log = await said(() => {
        write(app, name);
        write(app, name);
      });
      assert.equal(log.length, 1);
      assert.match(log[0]!, line);
      assert.deepEqual(await lines(`otel_preload_dropped_total{reason="${reason}"`), [`otel_preload_dropped_total{reason="${reason}"} 2`]);
      assert.deepEqual(await lines(name), [`${name} 0`]);
    });
  }

  it('say once that labels are missing or unknown, and count all the same', async () => {
    const { app, lines } = rig();
    app.declare('loose_total', counter('a', 'b'));
    const hostile = { toString: () => assert.fail('the code of the app was run') };
    const log = await said(() => {
      app.add('loose_total', 1, { a: 'x', c: 'y' });
      app.add('loose_total', 1);
      app.add('loose_total', 1, null as never);
      app.add('loose_total', 1, { a: 7, b: hostile });
    });
    assert.deepEqual(await lines('loose_total'), ['loose_total{a="x",b=""} 1', 'loose_total{a="",b=""} 2', 'loose_total{a="7",b="other"} 1']);
    assert.deepEqual(log, [
      '[otel-preload] metric "loose_total" has the labels a, b, but was given a, c: what is missing is empty, what is unknown is ignored',
      '[otel-preload] metric "loose_total" is given labels that are no texts: they count as "other"',
    ]);
  });

  it('have one series for one text, also if it was cut in the middle of an emoji', async () => {
    const { app, lines } = rig({ labelCaps: { ...caps, rest: 3 } });
    app.declare('halves_total', counter('title'));
    const cut = ['short \ud83d', 'longer than thirteen \ud83d', 'short \ud83e'];
    for (let round = 0; round < 3; round += 1) for (const title of cut) app.add('halves_total', 1, { title });
    assert.deepEqual(await lines('halves_total'), ['halves_total{title="short \ufffd"} 6', 'halves_total{title="longer than thirteen \ufffd"} 3']);
  });

  it('stay as they were declared, whatever the app does with its declaration later', async () => {
    const { app, lines } = rig();
    const declaration = { kind: 'histogram' as const, help: 'Fixed.', labels: ['shop'], boundaries: [1] };
    app.declare('fixed_ms', declaration);
    declaration.labels.unshift('other');
    declaration.boundaries.unshift(0);
    app.record('fixed_ms', 1, { shop: 'a' });
    assert.deepEqual(await lines('fixed_ms_b'), ['fixed_ms_bucket{shop="a",le="1"} 1', 'fixed_ms_bucket{shop="a",le="+Inf"} 1']);
  });

  it('count label values of more than 1024 characters as other, and say so once', async () => {
    const { app, lines } = rig();
    app.declare('bodies_total', counter('body'));
    const log = await said(() => ['a', 'b'].forEach((letter) => app.add('bodies_total', 1, { body: letter.repeat(1025) })));
    app.add('bodies_total', 1, { body: 'c'.repeat(1024) });
    const shown = await lines('bodies_total');
    assert.deepEqual(shown, ['bodies_total{body="other"} 2', `bodies_total{body="${'c'.repeat(1024)}"} 1`]);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /"bodies_total\{body\}" has more than 1024 characters/);
  });
});
