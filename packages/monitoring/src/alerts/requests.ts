// Alerts on users' troubles beyond plain errors: answers that never come, slow answers, and the error budget.

import { duration, HOUR, MINUTE, type MonitoringConfig } from '../config';
import { above, add, and, atLeast, divide, metric, or, rate, sum, sumOverTime, type Vector } from '../promql/build';
import type { TargetLabel } from '../promql/series';
import { allowed } from '../rules/budget';
import { WINDOW } from '../rules/growth';
import { RULE_INTERVAL } from '../rules/interval';
import { JOB, jobOrInstance, WHERE, type Alert } from './alert';

export function requestAlerts(config: MonitoringConfig) {
  const window = duration(WINDOW, config);
  return {
    ClientsGivingUp: {
      expr: jobOrInstance((...by) => abandoned(config, by), config),
      forSeconds: 5 * MINUTE,
      severity: 'critical',
      summary: 'Clients leave before they are answered',
      description: `{{ $value | humanizePercentage }} of requests to ${WHERE} ended because the client left first (499).`,
      worst: sum(rate(metric('http_requests_total', { job: JOB, status: '499' }), window), 'endpoint'),
    },
    HighLatency: {
      expr: highLatency(config),
      forSeconds: 10 * MINUTE,
      severity: 'warning',
      summary: 'Slow answers',
      description: `95th percentile is {{ printf "%.0f" $value }} ms for ${WHERE}{{ with $labels.endpoint }}, endpoint {{ . }}{{ end }}.`,
    },
    ErrorBudgetBurnFast: {
      // The windows and factors of https://sre.google/workbook/alerting-on-slos/, table 5-8: 2 % of the budget in an hour, 5 % in six.
      expr: or(burning(config, 14.4, '1h', '5m', HOUR), burning(config, 6, '6h', '30m', 6 * HOUR)),
      forSeconds: 2 * MINUTE,
      severity: 'critical',
      summary: 'The error budget burns fast',
      description: `${failing(config)} At this pace the budget is gone within days.`,
    },
    ErrorBudgetBurnSlow: {
      expr: or(burning(config, 3, '1d', '2h', 24 * HOUR), burning(config, 1, '3d', '6h', 72 * HOUR)),
      forSeconds: 15 * MINUTE,
      severity: 'warning',
      summary: 'The error budget burns',
      description: `${failing(config)} At this pace the budget will not last its ${config.slo.days} days.`,
    },
  } as const satisfies Record<string, Alert>;
}

const failing = ({ slo }: MonitoringConfig): string =>
  `{{ $value | humanizePercentage }} of the requests to {{ $labels.job }} fail; the objective allows ${Number(((1 - slo.availability) * 100).toPrecision(6))}%.`;

function abandoned({ thresholds, floors }: MonitoringConfig, by: TargetLabel[]): Vector<TargetLabel> {
  const left = sum(metric('job_instance:http_requests_abandoned:increase5m'), ...by);
  const all = add(left, sum(metric('job_instance:http_requests:increase5m'), ...by));
  return and(above(divide(left, all), thresholds.abandonedRatio), above(all, floors.requests));
}

/** By endpoint over all instances, or by instance over all endpoints: either hides in the other's sum. */
function highLatency({ thresholds }: MonitoringConfig): Vector<'job' | 'endpoint' | 'instance'> {
  const byEndpoint = above(metric('job_endpoint:http_request_duration_ms:p95_5m'), thresholds.latencyP95Ms);
  return or(byEndpoint, above(metric('job_instance:http_request_duration_ms:p95_5m'), thresholds.latencyP95Ms));
}

type Ratio = '5m' | '30m' | '1h' | '2h' | '6h' | '1d' | '3d';

/** The value is the present share of failures. The long window proves weight, the short window proves that failures go on, and a least number rules out accidents. */
function burning(config: MonitoringConfig, factor: number, long: Ratio, short: Ratio, longSeconds: number): Vector<'job'> {
  const limit = Number((factor * allowed(config)).toPrecision(6));
  const over = (window: Ratio) => above(metric(`job:http_requests_failed:ratio${window}`), limit);
  const counts = sumOverTime(metric('job:http_requests_failed:increase5m'), duration(longSeconds, config));
  // Each failure is in as many of the five-minute counts as the rule is evaluated in five minutes.
  return and(and(over(short), over(long)), atLeast(counts, (config.floors.failures * WINDOW) / RULE_INTERVAL));
}
