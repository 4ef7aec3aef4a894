// The README's pictures of dashboards: the demo runs for some minutes, falls ill, and what a real Prometheus then answers to the dashboards'
// own queries is drawn. Grafana is not needed, and has not drawn them.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { draw } from './dashboard/draw.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const { npmPackages } = require('../../packages/local-servers');
const { Stage } = require('../../test/dist/rehearsal/stage.js');
const { report } = require('../../test/dist/rehearsal/requests.js');
const { asGrafanaAsks } = require('../../test/dist/rehearsal/grafana-query.js');

/** Ten times: a scrape every 1.5 s, and five minutes of the rules in 30 s. */
const TIME_SCALE = 10;
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

export async function drawDashboards(folder, say = console.log) {
  const echarts = createRequire(`${await npmPackages('charts', path.join(import.meta.dirname, 'charts'), say)}/`)('echarts');
  const stage = await Stage.open({ timeScale: TIME_SCALE, instances: 3, say });
  try {
    const from = Date.now() / 1000 + 5;
    await play(stage);
    const to = Date.now() / 1000;
    const deploys = (await stage.prometheus.range('process_start_time_seconds', { start: from, end: to, step: 5 }))
      .flatMap(({ values }) => values.map(([, started]) => started))
      .filter((started) => started > from);
    const view = { range: to - from, step: 2, scrape: stage.scaled(15) };
    const ask = (expr, now) => stage.prometheus.range(asGrafanaAsks(expr, view), { start: now ? to : from, end: to, step: view.step });
    const note = `Drawn by npm run pictures from this dashboard’s JSON and a Prometheus that watched the demo, on ${new Date().toISOString().slice(0, 10)}. Grafana draws it in its own way.`;
    for (const { dashboard, file, rows } of PICTURES) {
      const json = JSON.parse(fs.readFileSync(path.join(root, `packages/monitoring/generated/dashboards/${dashboard}.json`), 'utf8'));
      const svg = await draw(json, ask, { echarts, from, to, deploys: [...new Set(deploys)], rows, note });
      fs.writeFileSync(path.join(folder, file), svg);
      say(`${path.relative(root, path.join(folder, file))} (${Math.ceil(svg.length / 1024)} KiB)`);
    }
  } finally {
    await stage.close();
  }
}

if (process.argv[1] === import.meta.filename) await drawDashboards(path.join(root, 'docs'));
