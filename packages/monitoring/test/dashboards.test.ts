// The dashboards as Grafana will read them.

import assert from 'node:assert/strict';
import { config } from '../src/config';
import { dashboards } from '../src/grafana';
import { boards } from '../src/panels';
import { print } from '../src/promql/print';
import { LEGACY_PANELS } from './legacy-panels';

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
    };
  };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
}

interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr?: string; readonly useValueForTime?: boolean }[] };
}

const all = dashboards(config).map(({ json }) => JSON.parse(json) as DashboardJson);
const drawn = all.flatMap(({ panels }) => panels.filter(({ type }) => type !== 'row'));

describe('the dashboards', () => {
  it('are the overview and the eight of the setup guide and the issue, in the classic form of Grafana 11 to 13', () => {
    assert.deepEqual(
      all.map(({ title }) => title.replace('EarnTrack / ', '')),
      ['Overview', 'HTTP', 'Database', 'Cache', 'Jobs', 'WebSockets', 'Errors', 'Business', 'Node runtime'],
    );
    for (const { schemaVersion, uid } of all) assert.deepEqual([schemaVersion, /^earntrack-\w+$/.test(uid)], [42, true]);
  });

  it('have every panel of the setup guide, by title, query and legend', () => {
    for (const [title, query, legend] of LEGACY_PANELS) {
      const panel = drawn.find((one) => one.title === title && one.targets?.[0]?.expr === query);
      assert.ok(panel, `${title}: ${query}`);
      assert.equal(panel.targets![0]!.legendFormat, legend, title);
    }
  });

  it('say of each panel what it shows, in which unit, and lead to its exact query', () => {
    for (const { title, description, fieldConfig, links } of drawn) {
      assert.ok(description && fieldConfig?.defaults.unit, title);
      assert.match(links![0]!.url, /^\/explore\?schemaVersion=1&orgId=1&panes=/, title);
    }
  });

  it('link to a query that is the panel’s own once Grafana has filled in the variables', () => {
    const panel = drawn.find(({ title }) => title === 'Requests by endpoint')!;
    const url = panel.links![0]!.url.replace(
      /\$\{(\w+)(:pipe)?\}/g,
      (_, name: string) => ({ job: 'a|b', instance: '.*', endpoint: '/users/:id', datasource: 'uid' })[name] ?? '0',
    );
    const panes = JSON.parse(new URL(url, 'http://grafana').searchParams.get('panes')!);
    assert.equal(
      panes.panel.queries[0].expr,
      'sum by (endpoint) (rate(http_requests_total{endpoint=~"/users/:id",job=~"a|b",instance=~".*"}[$__rate_interval]))',
    );
    assert.equal(panes.panel.datasource, 'uid');
  });

  it('lead from whatever an alert watches to its heading in the runbook', () => {
    for (const board of boards(config)) {
      for (const { title, alert } of board.rows.flatMap(({ panels }) => panels)) {
        const links = drawn.find((one) => one.title === title)!.links!.map(({ url }) => url);
        if (alert) assert.ok(links.includes(`${config.runbookUrl}#${alert.toLowerCase()}`), `${board.title}: ${title}`);
      }
    }
  });

  it('take their thresholds from the alerts', () => {
    const errors = drawn.find(({ title }) => title === 'Us: errors')!.fieldConfig!.defaults.thresholds.steps;
    assert.deepEqual(errors, [
      { value: null, color: 'green' },
      { value: config.thresholds.errorRatio, color: 'red' },
    ]);
    const hits = drawn.find(({ title }) => title === 'Cache: hit rate')!.fieldConfig!.defaults.thresholds.steps;
    assert.deepEqual(hits, [
      { value: null, color: 'yellow' },
      { value: config.thresholds.cacheHitRatio, color: 'green' },
    ]);
  });

  it('mark when a process started', () => {
    for (const { annotations } of all) {
      const deploys = annotations.list.find(({ useValueForTime }) => useValueForTime);
      assert.match(deploys?.expr ?? '', /process_start_time_seconds.*otel_preload_info/);
    }
  });

  it('can be narrowed to a data source, a job and an instance, and to an endpoint where there are endpoints', () => {
    for (const { title, templating } of all) {
      const names = templating.list.map(({ name }) => name);
      assert.deepEqual(names.slice(0, 3), ['datasource', 'job', 'instance'], title);
      assert.equal(names.includes('endpoint'), ['EarnTrack / HTTP', 'EarnTrack / Errors'].includes(title), title);
    }
  });

  it('place every panel by itself on the grid', () => {
    for (const { title, panels } of all) {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, title);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      assert.equal(new Set(cells).size, cells.length, `${title} has panels on top of one another`);
      assert.ok(
        panels.every(({ gridPos: { x, w } }) => x + w <= 24),
        title,
      );
    }
  });

  it('answer on one screen whether it is us, the database, the cache or the jobs', () => {
    const tiles = all[0]!.panels.filter(({ type }) => type === 'stat');
    for (const column of ['Us', 'Database', 'Cache', 'Jobs'])
      assert.ok(
        tiles.some(({ title }) => title.startsWith(`${column}: `)),
        column,
      );
    assert.ok(Math.max(...tiles.map(({ gridPos: { y, h } }) => y + h)) <= 10);
  });

  it('draw from panel data that knows nothing of Grafana', () => {
    const data = JSON.parse(JSON.stringify(boards(config))) as ReturnType<typeof boards>;
    const redrawn = data.flatMap(({ rows }) =>
      rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => print(expr.node)))),
    );
    assert.deepEqual(
      redrawn,
      drawn.flatMap(({ targets }) => targets!.map(({ expr }) => expr)),
    );
  });
});
