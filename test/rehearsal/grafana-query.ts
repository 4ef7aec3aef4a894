// Grafana's variables in a query, filled in as Grafana does it before it asks Prometheus.

export interface View {
  /** The time range that is looked at, in seconds. */
  readonly range: number;
  /** Between two points of a graph, in seconds. */
  readonly step: number;
  /** Of the data source, in seconds: what `timeInterval` is in compose/grafana/datasources.yml. */
  readonly scrape: number;
}

/** With everything chosen: job, instance, endpoint. */
export function asGrafanaAsks(expr: string, { range, step, scrape }: View): string {
  // https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
  const rateInterval = Math.max(step + scrape, 4 * scrape);
  return expr
    .replaceAll('$__rate_interval', milliseconds(rateInterval))
    .replaceAll('$__range', milliseconds(range))
    .replaceAll(/\$(job|instance|endpoint)\b/g, '.*');
}

const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)}ms`;
