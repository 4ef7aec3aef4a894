// Cases → the files that `promtool test rules` takes.

import type { AlertName } from '../../src/alerts';
import { alerts } from '../../src/alerts';
import { config } from '../../src/config';
import { alertFile, recordFile, runbookUrl, type RuleFile } from '../../src/rules/files';
import { SITUATIONS, type Case, type Cases, type Labels } from './situations';
import type { World } from './world';

export interface RuleTest {
  name: string;
  interval: string;
  input_series: World['series'];
  promql_expr_test: object[];
  alert_rule_test: object[];
}

/** The tests by the alerts that are tried in their worlds, joined by commas: whole files of rules take promtool a minute and a half. */
export function ruleTests(cases: Cases): Map<string, RuleTest[]> {
  const tried = new Map<World, AlertName[]>();
  const tests = new Map<World, RuleTest>();
  for (const alert of Object.keys(cases) as AlertName[]) {
    for (const situation of SITUATIONS) {
      for (const one of cases[alert][situation]) {
        tried.set(one.world, [...new Set([...(tried.get(one.world) ?? []), alert])]);
        check(testOf(tests, one.world), alert, situation, one);
      }
    }
  }
  const grouped = new Map<string, RuleTest[]>();
  for (const [world, test] of tests) grouped.set(tried.get(world)!.join(), [...(grouped.get(tried.get(world)!.join()) ?? []), test]);
  return grouped;
}

/** The rules of these alerts and the records that they are made of. */
export function rulesFor(names: readonly string[]): RuleFile {
  const rules = [recordFile(config), alertFile(config)].flatMap(({ groups }) => groups.flatMap((group) => group.rules)) as Rule[];
  const wanted = new Set(rules.filter(({ alert }) => alert !== undefined && names.includes(alert)));
  for (const { expr } of wanted) rules.filter(({ record }) => record !== undefined && expr.includes(record)).forEach((rule) => wanted.add(rule));
  return { groups: [{ name: 'tried', interval: '30s', rules: rules.filter((rule) => wanted.has(rule)) }] };
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

function testOf(tests: Map<World, RuleTest>, world: World): RuleTest {
  const made = tests.get(world) ?? { name: '', interval: '15s', input_series: world.series, promql_expr_test: [], alert_rule_test: [] };
  tests.set(world, made);
  return made;
}

function check(test: RuleTest, alert: AlertName, situation: string, { fires, quietUntil = -1, healedAt }: Case): void {
  test.name += `${test.name && ', '}${alert} ${situation}`;
  const firing = `ALERTS{alertname="${alert}",alertstate="firing"}`;
  if (quietUntil >= 0) test.promql_expr_test.push({ expr: `count_over_time(${firing}[2h])`, eval_time: minutes(quietUntil), exp_samples: [] });
  if (healedAt !== undefined) test.promql_expr_test.push({ expr: firing, eval_time: minutes(healedAt), exp_samples: [] });
  if (fires === undefined) return;
  const severity = alerts(config)[alert].severity;
  const samples = fires.labels.map((labels) => ({
    labels: `ALERTS${braces({ alertname: alert, alertstate: 'firing', severity, ...labels })}`,
    value: 1,
  }));
  test.promql_expr_test.push({ expr: firing, eval_time: minutes(fires.minute), exp_samples: samples });
  if (fires.descriptions) test.alert_rule_test.push({ eval_time: minutes(fires.minute), alertname: alert, exp_alerts: told(alert, severity, fires) });
}

function told(alert: AlertName, severity: string, { labels, descriptions }: NonNullable<Case['fires']>): object[] {
  const { summary } = alerts(config)[alert];
  return labels.map((one, index) => ({
    exp_labels: { severity, ...one },
    exp_annotations: { summary, description: descriptions?.[index], runbook_url: runbookUrl(alert, config) },
  }));
}

const minutes = (minute: number): string => `${Math.round(minute * 60)}s`;

const braces = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
