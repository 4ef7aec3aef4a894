// Which alerts there are, as Prometheus and as Alertmanager tell it.

import type { AlertName } from '@earntrack/monitoring';
import type { Labels } from '../support/prometheus-api';
import type { Stage } from './stage';

export interface FiringAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface ReceivedAlert extends FiringAlert {
  readonly fingerprint: string;
  readonly status: { readonly state: 'active' | 'suppressed' | 'unprocessed'; readonly inhibitedBy: readonly string[] };
}

/** What fires in Prometheus under this name and, if they are given, these labels. */
export async function firing({ prometheus }: Stage, name: AlertName, labels: Labels = {}): Promise<FiringAlert[]> {
  const { alerts } = (await prometheus.get('alerts')) as { alerts: (FiringAlert & { state: string })[] };
  return alerts.filter((alert) => alert.state === 'firing' && matches(alert, name, labels));
}

/** The same of what Alertmanager has. */
export async function received({ alertmanagerUrl }: Stage, name: AlertName, labels: Labels = {}): Promise<ReceivedAlert[]> {
  const response = await fetch(`${alertmanagerUrl}/api/v2/alerts`);
  return ((await response.json()) as ReceivedAlert[]).filter((alert) => matches(alert, name, labels));
}

function matches({ labels }: FiringAlert, name: AlertName, wanted: Labels): boolean {
  return labels.alertname === name && Object.entries(wanted).every(([label, value]) => labels[label] === value);
}
