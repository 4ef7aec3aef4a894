// Every query that is generated, read by a real parser: it names only series and labels that there are.

import assert from 'node:assert/strict';
import { catalogue } from '@earntrack/otel-preload/catalogue';
import { alerts } from '../src/alerts';
import { config } from '../src/config';
import { dashboards } from '../src/grafana';
import { boards } from '../src/panels';
import { metric, not, rate, sum, type Vector } from '../src/promql/build';
import { walk } from '../src/promql/node';
import { print } from '../src/promql/print';
import { records } from '../src/promql/records';
import { labelsOf } from '../src/promql/series';
import { alertFile, recordFile } from '../src/rules/files';
import { recordingRules } from '../src/rules/records';
import { queryNames } from './query-names';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: { readonly description: string };
}

const rules = [recordFile(config), alertFile(config)].flatMap(({ groups }) => groups.flatMap((group) => group.rules)) as Rule[];

/** The queries that templates ask when an alert fires. */
const asked = rules.flatMap(({ annotations }) =>
  [...(annotations?.description ?? '').matchAll(/printf `([^`]+)`/g)].map(([, query]) => query!.replace('%q', '"a job"')),
);

/** Every `expr` and `query` of a dashboard: panels, annotations, variables. */
function queriesOf(json: string): string[] {
  const found: string[] = [];
  JSON.parse(json, (key, value) => {
    if (key === 'expr') found.push(value as string);
    if (key === 'query' && typeof value === 'string') found.push(...(/^label_values\((.+), \w+\)$/.exec(value)?.slice(1) ?? []));
    return value;
  });
  return found;
}

const drawn = dashboards(config).flatMap(({ json }) => queriesOf(json));

describe('the generated queries', () => {
  it('are many', () => {
    assert.ok(
      rules.length > 35 && asked.length > 4 && drawn.length > 100,
      `${rules.length} rules, ${asked.length} in templates, ${drawn.length} in dashboards`,
    );
  });

  for (const [what, queries] of [
    ['rules', rules.map(({ expr }) => expr)],
    ['templates', asked],
    ['dashboards', drawn],
  ] as const) {
    it(`of ${what} name only series and labels that there are`, async () => {
      for (const query of queries) await assertKnown(query);
    });
  }

  it('use every metric of the contract', async () => {
    const named = new Set(
      (await Promise.all([...drawn, ...rules.map(({ expr }) => expr)].map(queryNames))).flatMap(({ selections }) =>
        selections.map(({ series }) => series),
      ),
    );
    const documented = Object.entries(catalogue).filter(([, { family }]) => !['nodejs', 'process'].includes(family));
    const unused = documented.filter(([name]) => ![name, `${name}_bucket`, `${name}_count`].some((series) => named.has(series)));
    assert.deepEqual(
      unused.map(([name]) => name),
      [],
    );
  });

  it('have legends whose labels the query keeps', () => {
    for (const { queries, title } of boards(config).flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))) {
      for (const { expr, legend = '' } of queries) {
        for (const [, label] of legend.matchAll(/{{(\w+)}}/g))
          assert.ok(expr.labels.includes(label!), `${title}: ${label} is not in ${print(expr.node)}`);
      }
    }
  });

  it('have descriptions whose labels the alert keeps', () => {
    for (const [name, { expr, description }] of Object.entries(alerts(config))) {
      for (const [, label] of description.matchAll(/\$labels\.(\w+)/g)) assert.ok(expr.labels.includes(label!), `${name}: ${label}`);
    }
  });

  it('record what their names promise', () => {
    for (const [name, expr] of Object.entries<Vector>(recordingRules(config))) {
      assert.deepEqual([...expr.labels].sort(), [...records[name as keyof typeof records]].sort(), name);
    }
  });
});

async function assertKnown(query: string): Promise<void> {
  const { selections, grouping } = await queryNames(query);
  for (const { series, labels } of selections) {
    const known = labelsOf(series);
    assert.ok(known, `${series} is not known, in ${query}`);
    for (const label of labels) assert.ok(known.includes(label), `${series} has no ${label}, in ${query}`);
  }
  const kept = new Set(selections.flatMap(({ series }) => labelsOf(series)!));
  for (const label of grouping) assert.ok(kept.has(label), `nothing has ${label}, in ${query}`);
}

describe('the query builder', () => {
  it('does not compile with a metric or a label that there is not', () => {
    // @ts-expect-error no such metric
    sum(metric('http_request_total'));
    // @ts-expect-error no such label
    metric('http_requests_total', { statuscode: /5../ });
    // @ts-expect-error a counter has no buckets
    sum(metric('http_requests_total_bucket'));
    // @ts-expect-error the endpoint was summed away
    sum(sum(metric('http_requests_total'), 'job'), 'endpoint');
  });

  it('prints parentheses only where they are needed, and escapes', () => {
    const value = rate(metric('http_requests_total', { endpoint: not(/\/a\.b|"/), status: '499' }), '5m');
    assert.equal(print(value.node), String.raw`rate(http_requests_total{endpoint!~"/a\\.b|\"",status="499"}[5m])`);
  });

  it('keeps expressions as plain data', () => {
    const seen: string[] = [];
    walk(JSON.parse(JSON.stringify(sum(metric('active_users')).node)), (node) => seen.push(node.op));
    assert.deepEqual(seen, ['aggregate', 'series']);
  });
});
