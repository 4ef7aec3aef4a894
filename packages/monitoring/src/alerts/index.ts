// All alerts, by name. A name without an alert, or an alert without a name, does not compile.

import type { MonitoringConfig } from '../config';
import type { Alert } from './alert';
import { legacyAlerts } from './legacy';
import { instanceAlerts } from './instances';
import { monitoringAlerts } from './monitoring';
import type { AlertName } from './names';
import { requestAlerts } from './requests';

export { JOB, type Alert } from './alert';
export { alertNames, groups, type AlertName, type GroupName } from './names';

export function alerts(config: MonitoringConfig): Readonly<Record<AlertName, Alert>> {
  return { ...legacyAlerts(config), ...requestAlerts(config), ...instanceAlerts(config), ...monitoringAlerts(config) };
}
