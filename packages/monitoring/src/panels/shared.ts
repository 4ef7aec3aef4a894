// Panels on several boards.

import type { MonitoringConfig } from '../config';
import { divide } from '../promql/build';
import { allowed } from '../rules/budget';
import { shownJob, type Panel } from './panel';

export const errorShare = ({ thresholds }: MonitoringConfig): Panel => ({
  title: 'Errors',
  description: 'Share of requests answered with a 5xx, without probes, clients that left, and 4xx without a route: what HighErrorRate judges.',
  kind: 'tile',
  queries: [{ expr: shownJob('job:http_requests_failed:ratio5m'), legend: '{{job}}' }],
  unit: 'ratio',
  limits: { critical: thresholds.errorRatio },
  alert: 'HighErrorRate',
});

export const budgetLeft = ({ slo }: MonitoringConfig): Panel => ({
  title: 'Error budget left',
  description: `Of the ${Number((allowed({ slo }) * 100).toPrecision(6))}% of requests that may fail in ${slo.days} days. Below 0 the objective is missed.`,
  kind: 'tile',
  queries: [{ expr: shownJob('job:error_budget:remaining'), legend: '{{job}}' }],
  unit: 'ratio',
  limits: { warning: 0.5, critical: 0.1, below: true },
  alert: 'ErrorBudgetBurnSlow',
});

export const burnRate = (config: MonitoringConfig): Panel => ({
  title: 'Pace of the error budget',
  description: `1 uses the budget up in just ${config.slo.days} days; the alerts begin at 14.4 over an hour, 6 over six hours.`,
  kind: 'graph',
  queries: (['1h', '6h'] as const).map((window) => ({
    expr: divide(shownJob(`job:http_requests_failed:ratio${window}`), allowed(config)),
    legend: `{{job}} over ${window}`,
  })),
  unit: 'count',
  limits: { warning: 1, critical: 6 },
  alert: 'ErrorBudgetBurnFast',
});
