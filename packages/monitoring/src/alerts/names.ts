// The names of all alerts by rule group. RUNBOOK.md has a heading for each, the tests have the situations for each.

/** The legacy group, with its names and interval, comes first. */
export const groups = {
  earntrack_alerts: ['HighErrorRate', 'HighSlowQueryRate', 'LowCacheHitRate', 'HighJobFailureRate'],
  earntrack_requests: ['ClientsGivingUp', 'HighLatency', 'ErrorBudgetBurnFast', 'ErrorBudgetBurnSlow'],
  earntrack_instances: ['TargetDown', 'BackendMissing', 'HighEventLoopLag', 'DatabasePoolExhausted', 'JobQueueBacklog'],
  earntrack_monitoring: ['SeriesNearBudget', 'CollectorDroppingData', 'CollectorNotDelivering', 'PrometheusStorageFilling', 'Watchdog'],
} as const;

export type GroupName = keyof typeof groups;
export type AlertName = (typeof groups)[GroupName][number];

export const alertNames: readonly AlertName[] = Object.values(groups).flat();
