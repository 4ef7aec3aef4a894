// A dashboard's JSON, and what a Prometheus answers to its queries → one SVG. Our own drawing: places, titles, units, legends and thresholds
// are those of the JSON, and Grafana would draw them differently.
import { box, COLUMN, DEPLOY, FAINT, FONT, GAP, PAGE, text, UNIT, WIDTH } from './look.mjs';
import { graph } from './graph.mjs';
import { table } from './table.mjs';
import { tile } from './tile.mjs';

const KINDS = { stat: tile, timeseries: graph, table };
const HEAD = 58;

/**
 * @param dashboard the parsed JSON
 * @param ask resolves to the series of a query: over time, or, for tables, now
 * @param frame `from` and `to` in seconds; `deploys`: when processes started; `rows`: the titles of rows to draw, default all; `note`: below the title
 */
export async function drawDashboard(dashboard, ask, { echarts, from, to, deploys, rows, note }) {
  const panels = placed(dashboard.panels, rows);
  const height = HEAD + Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * UNIT + GAP;
  const drawn = [];
  for (const panel of panels) drawn.push(panel.type === 'row' ? rowTitle(panel) : await drawPanel(panel, ask, { echarts, from, to, deploys }));
  const head = [
    text(dashboard.title, { x: GAP + 4, y: 26, size: 18, weight: 600 }),
    text(note, { x: GAP + 4, y: 45, fill: FAINT }),
    `<line x1="${WIDTH - 250}" x2="${WIDTH - 226}" y1="22" y2="22" stroke="${DEPLOY}" stroke-dasharray="4 3"/>`,
    text('an instance started', { x: WIDTH - 218, y: 26, fill: FAINT }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="${FONT}" role="img"><title>${dashboard.title}</title><rect width="${WIDTH}" height="${height}" fill="${PAGE}"/>${head.join('')}${drawn.join('')}</svg>\n`;
}

/** The panels of these rows, moved up to where the left-out rows were. */
function placed(panels, rows) {
  const kept = [];
  let [isKept, moved, y] = [true, 0, 0];
  for (const panel of panels) {
    const { gridPos } = panel;
    if (panel.type === 'row') isKept = !rows || rows.includes(panel.title);
    if (!isKept) continue;
    if (panel.type === 'row') moved = gridPos.y - y;
    kept.push({ ...panel, gridPos: { ...gridPos, y: gridPos.y - moved } });
    y = Math.max(y, gridPos.y - moved + gridPos.h);
  }
  return kept;
}

const rowTitle = ({ title, gridPos: { y } }) => text(title, { x: GAP + 4, y: HEAD + y * UNIT + 20, size: 13, weight: 600, fill: FAINT });

async function drawPanel(panel, ask, frame) {
  const { x, y, w, h } = panel.gridPos;
  const size = { width: w * COLUMN - GAP, height: h * UNIT - GAP };
  const { custom, unit, thresholds } = panel.fieldConfig.defaults;
  const series = (await Promise.all(panel.targets.map((target) => answered(target, ask)))).flat();
  const content = {
    series,
    unit,
    steps: thresholds.steps,
    stacked: custom?.stacking?.mode === 'normal',
    dashed: custom?.thresholdsStyle !== undefined,
  };
  const { inside, fill, ink } = KINDS[panel.type](content, size, frame);
  return box(
    { x: x * COLUMN + GAP / 2, y: HEAD + y * UNIT, ...size, title: panel.title, titleSize: panel.type === 'stat' ? 12 : 13, fill, ink },
    inside,
  );
}

async function answered({ expr, legendFormat, instant }, ask) {
  const series = await ask(expr, Boolean(instant));
  return series.map(({ labels, values }) => ({ name: nameOf(labels, legendFormat), labels, values }));
}

function nameOf(labels, legend) {
  if (legend) return legend.replaceAll(/{{(\w+)}}/g, (_, label) => labels[label] ?? '');
  return Object.entries(labels)
    .filter(([label]) => label !== '__name__')
    .map(([label, value]) => `${label}="${value}"`)
    .join(' ');
}
