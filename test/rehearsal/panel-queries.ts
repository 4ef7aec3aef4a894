// Asks a Prometheus whatever Grafana would ask it for the generated dashboards.

import fs from 'node:fs';
import path from 'node:path';
import { asGrafanaAsks, type View } from './grafana-query';
import type { PrometheusApi, Series } from './prometheus-api';

const FOLDER = path.join(__dirname, '../../../packages/monitoring/generated/dashboards');

interface DashboardJson {
  readonly title: string;
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

interface Asked {
  readonly where: string;
  readonly expr: string;
  /** A gap is part of the guide's own queries; only what they draw last must be a number. */
  readonly ofGuide: boolean;
}

/** Each query without an answer, or with one that is no number, in words. */
export async function brokenQueries(prometheus: PrometheusApi, view: View): Promise<string[]> {
  const broken: string[] = [];
  for (const asked of queries()) {
    const query = asGrafanaAsks(asked.expr, view);
    const series = await answer(prometheus, query, view, asked.ofGuide);
    const fault = series.length === 0 ? 'nothing' : series.some(({ values }) => values.some(([, value]) => Number.isNaN(value))) ? 'NaN' : undefined;
    if (fault) broken.push(`${asked.where}: ${fault} for ${query}`);
  }
  return broken;
}

function answer(prometheus: PrometheusApi, query: string, { range, step }: View, last: boolean): Promise<Series[]> {
  const end = Date.now() / 1000;
  return prometheus.range(query, { start: last ? end : end - range, end, step });
}

function queries(): Asked[] {
  return fs.readdirSync(FOLDER).flatMap((file) => {
    const { title, panels, annotations } = JSON.parse(fs.readFileSync(path.join(FOLDER, file), 'utf8')) as DashboardJson;
    const asked = panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }) => ({
        where: `${title}, ${panel.title}`,
        expr,
        ofGuide: panel.description!.startsWith('As in the guide'),
      })),
    );
    const marks = annotations.list.flatMap(({ expr }) => (expr ? [{ where: `${title}, annotations`, expr, ofGuide: false }] : []));
    return [...asked, ...marks];
  });
}
