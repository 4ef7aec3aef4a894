// Records and alerts → Prometheus's rule files, as plain data for YAML.

import { alerts, groups, JOB, type Alert, type AlertName } from '../alerts';
import { duration, type MonitoringConfig } from '../config';
import { above, topk, type Vector } from '../promql/build';
import { print, printLines } from '../promql/print';
import { LONG_INTERVAL, RULE_INTERVAL } from './interval';
import { recordingRules } from './records';

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly interval: string; readonly rules: readonly object[] }[];
}

/** Records over days change slowly and read a lot. */
const LONG = /ratio(1d|3d|30d)$|^job:error_budget/;

/** The recording rules: those of minutes and hours, and those of days. */
export function recordFile(config: MonitoringConfig): RuleFile {
  const rules = Object.entries<Vector>(recordingRules(config)).map(([record, expr]) => ({ record, expr: printLines(expr.node) }));
  return {
    groups: [
      { name: 'earntrack_records', interval: duration(RULE_INTERVAL, config), rules: rules.filter(({ record }) => !LONG.test(record)) },
      { name: 'earntrack_records_long', interval: duration(LONG_INTERVAL, config), rules: rules.filter(({ record }) => LONG.test(record)) },
    ],
  };
}

/** The alerts, by group. */
export function alertFile(config: MonitoringConfig): RuleFile {
  const all = alerts(config);
  const interval = duration(RULE_INTERVAL, config);
  const rulesOf = (names: readonly AlertName[]) => names.map((name) => alertRule(name, all[name], config));
  return { groups: Object.entries(groups).map(([name, names]) => ({ name, interval, rules: rulesOf(names) })) };
}

function alertRule(name: AlertName, { expr, forSeconds, severity, summary, description, worst }: Alert, config: MonitoringConfig): object {
  return {
    alert: name,
    expr: printLines(expr.node),
    ...(forSeconds > 0 && { for: duration(forSeconds, config) }),
    labels: { severity },
    annotations: {
      summary,
      description: worst ? `${description}${mostly(worst)}` : description,
      runbook_url: runbookUrl(name, config),
    },
  };
}

/** A template that asks Prometheus, when the alert fires, for the largest series. Silent without any. */
function mostly(worst: Vector): string {
  const query = print(topk(1, above(worst, 0)).node).replace(`"${JOB}"`, JOB);
  const labels = worst.labels.map((label) => `{{ .Labels.${label} }}`).join(' on ');
  return `{{ range printf \`${query}\` $labels.job | query }} Mostly: ${labels}.{{ end }}`;
}

/** The alert's heading in the runbook. */
export function runbookUrl(name: AlertName, { runbookUrl: base }: Pick<MonitoringConfig, 'runbookUrl'>): string {
  return `${base}#${name.toLowerCase()}`;
}
