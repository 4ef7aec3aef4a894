// RUNBOOK.md: a heading for every alert, the setup guide's troubleshooting and practices, and queries that work.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { alertNames } from '../src/alerts';
import { config } from '../src/config';
import { ROOT } from '../src/generate/disk';
import { labelsOf } from '../src/promql/series';
import { queryNames } from './query-names';

const text = fs.readFileSync(path.join(ROOT, 'packages/monitoring/RUNBOOK.md'), 'utf8');
const sections = new Map(text.split(/^(?=#+ )/m).map((section) => [/^#+ (.+)/.exec(section)?.[1] ?? '', section]));

describe('the runbook', () => {
  it('has a heading for each alert: meaning, first look, likely causes, remedy', () => {
    for (const alert of alertNames) {
      const parts = [...(sections.get(alert) ?? '').matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, part]) => part);
      assert.deepEqual(parts, ['Meaning', 'First look', 'Likely causes', 'Remedy'], alert);
    }
  });

  it('covers the setup guide’s troubleshooting and best practices', () => {
    for (const problem of [
      'Prometheus not scraping metrics',
      "Grafana can't connect to Prometheus",
      'Metrics not appearing in Grafana',
      'High memory usage',
    ]) {
      assert.match(sections.get(problem) ?? '', /^4\. /m, problem);
    }
    assert.equal(sections.get('Best practices')!.match(/^\d\. \*\*/gm)!.length, 8);
  });

  it('asks only for series and labels that there are', async () => {
    const queries = [...text.matchAll(/```promql\n([^]+?)\n```/g)].map(([, query]) => query!);
    assert.ok(queries.length > alertNames.length);
    for (const query of queries) {
      const { selections, grouping } = await queryNames(query);
      for (const { series, labels } of selections) for (const label of labels) assert.ok(labelsOf(series)?.includes(label), `${series}{${label}}`);
      const known = new Set(selections.flatMap(({ series }) => labelsOf(series) ?? assert.fail(`${series} is not known`)));
      for (const label of grouping) assert.ok(known.has(label), `${label} in ${query}`);
    }
  });

  it('names services that Compose has, and links to headings that there are', () => {
    const { services } = parse(fs.readFileSync(path.join(ROOT, 'compose/docker-compose.yml'), 'utf8'));
    for (const [, service] of text.matchAll(/docker compose exec (\S+)/g)) assert.ok(Object.hasOwn(services, service!), service);
    const anchors = [...sections.keys()].map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(anchors.includes(anchor!), anchor);
  });

  it('states the thresholds that are set', () => {
    const { thresholds, slo } = config;
    const stated = {
      HighErrorRate: `${thresholds.errorRatio * 100} %`,
      HighJobFailureRate: `${thresholds.jobFailureRatio * 100} %`,
      ClientsGivingUp: `${thresholds.abandonedRatio * 100} %`,
      JobQueueBacklog: `${thresholds.queueDepth} jobs`,
      ErrorBudgetBurnFast: `${slo.availability * 100} %`,
    };
    for (const [alert, words] of Object.entries(stated)) assert.ok(sections.get(alert)!.includes(words), `${alert}: ${words}`);
  });
});
