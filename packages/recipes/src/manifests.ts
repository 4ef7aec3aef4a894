// Kubernetes objects that carry files generated elsewhere in this repository: rules, dashboards, the collector's configuration. Pure.

/** An object for kubectl. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

const PART_OF = { 'app.kubernetes.io/part-of': 'earntrack' };
/** Where Prometheus, Grafana and the collector run. */
const NAMESPACE = 'monitoring';

/** @param groups those of all rule files, as Prometheus reads them */
export function prometheusRule(groups: readonly object[]): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'earntrack', namespace: NAMESPACE, labels: PART_OF },
    spec: { groups },
  } as Manifest;
}

/** @param data file name → text; an object holds at most 1 MiB */
export function configMap(name: string, data: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> = {}): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE, labels: { ...PART_OF, ...labels } }, data } as Manifest;
}

/** For Grafana's sidecar, which collects every object with its label. */
export function dashboard(file: string, json: string): Manifest {
  return configMap(file.replace(/\.json$/, ''), { [file]: json }, { grafana_dashboard: '1' });
}
