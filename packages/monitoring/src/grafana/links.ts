// From a panel to its runbook and to its exact query, each in a single click.

import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MonitoringConfig } from '../config';
import type { Panel } from '../panels';
import { print } from '../promql/print';
import { runbookUrl } from '../rules/files';

export function panelLinks(panel: Panel, config: MonitoringConfig): DashboardLinkBuilder[] {
  const query = link('The exact query', exploreUrl(panel));
  return panel.alert === undefined ? [query] : [query, link(`Runbook: ${panel.alert}`, runbookUrl(panel.alert, config))];
}

const link = (title: string, url: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);

/**
 * Explore with the panel's queries and time range. Grafana fills in unescaped variables before following a link; `pipe` gives a regular
 * expression without backslashes, which would break the JSON around the expression.
 */
function exploreUrl({ queries }: Panel): string {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  const targets = queries.map(({ expr }, index) => ({ refId: String.fromCharCode(65 + index), datasource, expr: print(expr.node) }));
  const panes = { panel: { datasource: '${datasource}', queries: targets, range: { from: '${__from}', to: '${__to}' } } };
  const text = JSON.stringify(panes).replace(/\$(job|instance|endpoint)\b/g, '${$1:pipe}');
  const encoded = encodeURIComponent(text).replace(/%24%7B(\w+)(?:%3A(pipe))?%7D/g, (_, name, pipe) => `\${${name}${pipe ? `:${pipe}` : ''}}`);
  return `/explore?schemaVersion=1&orgId=1&panes=${encoded}`;
}
