// The routes and inhibitions of Alertmanager, as plain data for YAML. Alerts are named from the same list as the rules.

import type { AlertName } from '../alerts';
import { duration, HOUR, MINUTE, type MonitoringConfig } from '../config';

interface Inhibition {
  readonly source: AlertName;
  /** Undefined: every alert. */
  readonly muted?: readonly AlertName[];
  readonly equal: readonly string[];
}

const inhibitions: readonly Inhibition[] = [
  // An unreachable target tells nothing else that is true.
  { source: 'TargetDown', equal: ['job', 'instance'] },
  { source: 'BackendMissing', equal: ['job'] },
  { source: 'ErrorBudgetBurnFast', muted: ['ErrorBudgetBurnSlow'], equal: ['job'] },
];

/** The configuration: everything in one place to read until receivers are added, a message for each symptom and job. */
export function alertmanagerFile(config: MonitoringConfig): object {
  return {
    route: {
      receiver: 'operators',
      group_by: ['alertname', 'job'],
      group_wait: duration(MINUTE / 2, config),
      group_interval: duration(5 * MINUTE, config),
      repeat_interval: duration(4 * HOUR, config),
      routes: [{ receiver: 'watchdog', matchers: ['alertname="Watchdog"'], repeat_interval: duration(5 * MINUTE, config) }],
    },
    receivers: [{ name: 'operators' }, { name: 'watchdog' }],
    inhibit_rules: inhibitions.map(inhibitRule),
  };
}

function inhibitRule({ source, muted, equal }: Inhibition): object {
  const others = muted ? `alertname=~"${muted.join('|')}"` : `alertname!~"${source}|Watchdog"`;
  return { source_matchers: [`alertname="${source}"`], target_matchers: [others], equal };
}
