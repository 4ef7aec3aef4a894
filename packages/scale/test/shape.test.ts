// The formula of SCALING.md and the load generator's app, one against the other.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { promtool } from '@earntrack/local-servers';
import { blueprintOf } from '../src/blueprint';
import { Fleet, labelText } from '../src/fleet';
import { FIXED_SERIES, SERIES_EACH, seriesOf, shapeWith, type Shape } from '../src/shape';

const NOTHING: Shape = { routes: 0, hosts: 0, queries: 0, pools: 0, jobTypes: 0, queues: 0, cacheTypes: 0, errors: 0 };

describe('The formula for the series of an instance', () => {
  it('is what an app of that shape shows, for each thing that brings series', () => {
    assert.equal(blueprintOf(NOTHING).series.length, FIXED_SERIES);
    for (const kind of Object.keys(NOTHING) as (keyof Shape)[]) {
      for (const count of [1, 7, 60]) {
        const shape = { ...NOTHING, [kind]: count };
        assert.equal(blueprintOf(shape).series.length, seriesOf(shape), `${count} ${kind}`);
      }
    }
  });

  it('starts, in SCALING.md, with what every instance shows', () => {
    const document = fs.readFileSync(path.join(__dirname, '../../../../compose/SCALING.md'), 'utf8');
    const [, section = ''] = /## How many series([^]*?)Prometheus adds/.exec(document)!;
    const [, said] = /An instance shows some (\d+) /.exec(section)!;
    assert.ok(Math.abs(Number(said) - FIXED_SERIES) <= 10, `${said} in SCALING.md, ${FIXED_SERIES} here`);
    const rows = [...section.matchAll(/^\| (\w+)[^|]*\| +(\d+) \|/gm)].map(([, kind, series]) => [kind, Number(series)]);
    const kinds = {
      route: 'routes',
      outgoing: 'hosts',
      query: 'queries',
      job: 'jobTypes',
      queue: 'queues',
      pool: 'pools',
      cache: 'cacheTypes',
      error: 'errors',
    } as const;
    assert.deepEqual(
      rows,
      Object.entries(kinds).map(([kind, key]) => [kind, SERIES_EACH[key]]),
    );
  });

  it('goes backwards: an app with exactly so many series', () => {
    for (const series of [FIXED_SERIES, FIXED_SERIES + 1, 500, 1000, 1234, 10_000]) {
      assert.equal(blueprintOf(shapeWith(series)).series.length, series);
    }
    assert.throws(() => shapeWith(FIXED_SERIES - 1), /an instance shows at least \d+ series/);
  });
});

describe('The load generator’s app', () => {
  it('shows each series once', () => {
    const texts = blueprintOf(shapeWith(10_000)).series.map(({ name, labels }) => name + labelText(labels));
    assert.equal(new Set(texts).size, 10_000);
  });

  it('is what promtool takes, but for the documented names in ms', async () => {
    const fleet = new Fleet({ instances: 1, series: 1000 }, 0);
    fleet.exposition(0, 15);
    const { stderr, stdout } = await promtool(['check', 'metrics'], fleet.exposition(0, 30));
    const complaints = (stderr + stdout).trim().split('\n');
    assert.deepEqual(
      complaints.filter((line) => !/^\w+_ms metric names should not contain abbreviated units$/.test(line)),
      [],
    );
  });

  it('counts up only, and its histograms add up', () => {
    const fleet = new Fleet({ instances: 1, series: 1000 }, 0);
    const early = fleet.sample(0, 15).values.slice();
    const late = fleet.sample(0, 600).values;
    let moved = 0;
    for (const [index, { name, labels }] of fleet.blueprint.series.entries()) {
      if (/_total$|_bucket$|_count$/.test(name)) assert.ok(late[index]! >= early[index]!, name);
      if (labels.le === '+Inf') assert.equal(late[index], late[index + 2], `${name} against _count`);
      if (name.endsWith('_bucket') && labels.le !== '+Inf') assert.ok(late[index]! <= late[index + 1]!, `${name} le=${labels.le}`);
      if (late[index] !== early[index]) moved += 1;
    }
    assert.ok(moved > 300, `${moved} of 1000 moved`);
  });

  it('starts from nothing under another name after a deploy', () => {
    const fleet = new Fleet({ instances: 2, series: 200, deployEverySeconds: 60 }, 0);
    const requests = (now: number) => fleet.sample(1, now).values[fleet.blueprint.series.findIndex(({ name }) => name === 'http_requests_total')]!;
    const before = requests(59);
    assert.deepEqual(fleet.names(59), ['load-0', 'load-1']);
    assert.deepEqual(fleet.names(61), ['load-0-1', 'load-1-1']);
    assert.ok(before > 100 && requests(61) < before / 2);
  });
});
