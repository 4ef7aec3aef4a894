// Asks a Prometheus whatever Grafana would ask it for the generated dashboards.

import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asGrafanaAsks, type View } from './grafana-query';
import type { PrometheusApi, Series } from '../support/prometheus-api';

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
}

interface Asked {
  readonly where: string;
  readonly expr: string;
  /** The setup guide's own queries have a gap where there was no traffic: what they draw last must be a number, as soon as there is some. */
  readonly isLegacy: boolean;
}

/** So often is a gap looked at again, once a second. */
const LOOKS = 60;

/** Each query without an answer, or with one that is no number, in words. */
export async function brokenQueries(prometheus: PrometheusApi, view: View): Promise<string[]> {
  const broken: string[] = [];
  for (const { where, expr, isLegacy } of queries()) {
    const query = asGrafanaAsks(expr, view);
    const ask = async () => faultOf(await answer(prometheus, query, view, isLegacy));
    const fault = isLegacy ? await lastFault(ask) : await ask();
    if (fault) broken.push(`${where}: ${fault} for ${query}`);
  }
  return broken;
}

/** What is still wrong at the last look. */
async function lastFault(look: () => Promise<string | undefined>): Promise<string | undefined> {
  let fault = await look();
  for (let looks = 1; fault && looks < LOOKS; looks += 1) {
    await sleep(1000);
    fault = await look();
  }
  return fault;
}

function answer(prometheus: PrometheusApi, query: string, { range, step }: View, last: boolean): Promise<Series[]> {
  const end = Date.now() / 1000;
  return prometheus.range(query, { start: last ? end : end - range, end, step });
}

function faultOf(series: readonly Series[]): string | undefined {
  if (series.length === 0) return 'nothing';
  const gap = series.find(({ values }) => values.some(([, value]) => Number.isNaN(value)));
  return gap && `NaN of ${JSON.stringify(gap.labels)}`;
}

function queries(): Asked[] {
  return fs.readdirSync(FOLDER).flatMap((file) => {
    const { title, panels, annotations } = JSON.parse(fs.readFileSync(path.join(FOLDER, file), 'utf8')) as DashboardJson;
    const asked = panels.flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }) => ({
        where: `${title}, ${panel.title}`,
        expr,
        isLegacy: panel.description!.startsWith('Legacy query'),
      })),
    );
    const marks = annotations.list.flatMap(({ expr }) => (expr ? [{ where: `${title}, annotations`, expr, isLegacy: false }] : []));
    return [...asked, ...marks];
  });
}
