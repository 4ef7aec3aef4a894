// The README's pictures of dashboards: the demo runs for some minutes, falls ill, and what a real Prometheus then answers to the dashboards'
// own queries is drawn. Grafana is not needed, and has not drawn them.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawDashboard } from '../drawing/dashboard.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const { npmPackages } = require('../../packages/local-servers');
const { Stage } = require('../../test/dist/rehearsal/stage.js');
const { report } = require('../../test/dist/rehearsal/requests.js');
const { asGrafanaAsks } = require('../../test/dist/rehearsal/grafana-query.js');

/** Ten times: a scrape every 1.5 s, and five minutes of the rules in 30 s. */
const TIME_SCALE = 10;
/** Before that, not every rate has its window. */
const SETTLED_SECONDS = 5;
const STEP_SECONDS = 2;
const PICTURES = [
  { dashboard: 'earntrack-overview', file: 'dashboard-overview.svg' },
  { dashboard: 'earntrack-http', file: 'dashboard-http.svg', rows: ['Now', 'Endpoints'] },
];

/** Calm, a deploy, and then a database that gets slow: with the last the pictures end. */
async function play(stage) {
  await sleep(100_000);
  const replaced = stage.instances[1];
  await replaced.process.stop();
  await stage.restart(replaced);
  await sleep(60_000);
  stage.fault('slow-queries');
  stage.send(30, report);
  await sleep(80_000);
}

/** Both pictures, from one run. */
export async function draw({ docs, say }) {
  const echarts = createRequire(`${await npmPackages('charts', path.join(import.meta.dirname, '../drawing/charts'), say)}/`)('echarts');
  const stage = await Stage.open({ timeScale: TIME_SCALE, instances: 3, say });
  try {
    const from = Date.now() / 1000 + SETTLED_SECONDS;
    await play(stage);
    const frame = { echarts, from, to: Date.now() / 1000, note: note() };
    for (const { dashboard, file, rows } of PICTURES) {
      const json = JSON.parse(fs.readFileSync(path.join(root, `packages/monitoring/generated/dashboards/${dashboard}.json`), 'utf8'));
      const svg = await drawDashboard(json, asker(stage, frame), { ...frame, rows, deploys: await deploys(stage, frame) });
      fs.writeFileSync(path.join(docs, file), svg);
      say(`docs/${file} (${Math.ceil(svg.length / 1024)} KiB)`);
    }
  } finally {
    await stage.close();
  }
}

const note = () =>
  `Drawn by npm run pictures from this dashboard’s JSON and a Prometheus that watched the demo, on ${new Date().toISOString().slice(0, 10)}. Grafana draws it in its own way.`;

/** Asks as Grafana would: over the time that is shown, or, for tables, at its end. */
function asker(stage, { from, to }) {
  const view = { range: to - from, step: STEP_SECONDS, scrape: stage.scaled(15) };
  return (expr, now) => stage.prometheus.range(asGrafanaAsks(expr, view), { start: now ? to : from, end: to, step: STEP_SECONDS });
}

/** When processes started meanwhile. */
async function deploys(stage, { from, to }) {
  const processes = await stage.prometheus.range('process_start_time_seconds', { start: from, end: to, step: STEP_SECONDS });
  const starts = processes.flatMap(({ values }) => values.map(([, started]) => started));
  return [...new Set(starts)].filter((started) => started > from);
}
