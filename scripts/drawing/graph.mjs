// Lines over time by ECharts, and a legend with each line's last value.
import { cut, DEPLOY, FAINT, FONT, INK, LINE, SERIES, STATES, text } from './look.mjs';
import { written } from './units.mjs';

const LEGEND_ROW = 16;
const LEGEND_ROWS = 3;
const LEGEND_COLUMNS = 2;

export function graph(panel, { width, height }, { echarts, from, to, deploys }) {
  const largest = panel.series.toSorted((one, other) => sum(other) - sum(one));
  const legend = legendOf(largest, panel.unit, width);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height: height - 36 - legend.height });
  chart.setOption(options(panel, panel.stacked ? onOneClock(largest) : largest, { from, to, deploys }));
  const drawn = chart.renderToSVGString();
  chart.dispose();
  const below = `<g transform="translate(12 ${height - legend.height - 4})">${legend.drawn}</g>`;
  return { inside: `<g transform="translate(0 28)">${drawn}</g>${below}` };
}

/** Lines are stacked point by point: what one has not is 0 of it. */
function onOneClock(series) {
  const times = [...new Set(series.flatMap(({ values }) => values.map(([time]) => time)))].toSorted((one, other) => one - other);
  return series.map((one) => {
    const values = new Map(one.values);
    return { ...one, values: times.map((time) => [time, values.get(time) ?? 0]) };
  });
}

const sum = ({ values }) => values.reduce((total, [, value]) => total + (Number.isNaN(value) ? 0 : value), 0);
const color = (index) => SERIES[index % SERIES.length];

function options({ unit, stacked, steps, dashed }, series, { from, to, deploys }) {
  const axis = { axisLine: { lineStyle: { color: LINE } }, splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: FAINT, fontSize: 11 } };
  const limits = dashed ? steps.filter(({ value }) => value !== null) : [];
  // Where all is 0 the lowest threshold says how high a value would be.
  const highest = ({ max }) => (max > 0 ? undefined : (limits[0]?.value ?? 0.5) * 2);
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    grid: { left: 12, right: 16, top: 14, bottom: 4, containLabel: true },
    xAxis: {
      ...axis,
      type: 'time',
      minInterval: 60_000,
      min: from * 1000,
      max: to * 1000,
      splitLine: { show: false },
      axisLabel: { ...axis.axisLabel, formatter: '{HH}:{mm}' },
    },
    yAxis: {
      ...axis,
      type: 'value',
      min: 0,
      max: highest,
      minInterval: unit === 'short' ? 1 : 0,
      splitNumber: 4,
      axisLabel: { ...axis.axisLabel, formatter: (value) => written(value, unit) },
    },
    series: [...series.map((one, index) => line(one, index, { stacked })), marks(limits, deploys, unit)],
  };
}

function line({ name, values }, index, { stacked }) {
  return {
    name,
    type: 'line',
    showSymbol: false,
    lineStyle: { width: 1.5 },
    itemStyle: { color: color(index) },
    ...(stacked && { stack: 'all', areaStyle: { opacity: 0.35 } }),
    data: values.map(([time, value]) => [time * 1000, Number.isNaN(value) ? null : Number(value.toPrecision(4))]),
  };
}

/** Thresholds of the alerts, and deploys. */
function marks(limits, deploys, unit) {
  const line = (stroke) => ({ symbol: 'none', lineStyle: { color: stroke, type: 'dashed', width: 1 } });
  const levels = limits.map(({ value, color: state }) => ({
    ...line(STATES[state]),
    yAxis: value,
    label: { formatter: written(value, unit), position: 'insideEndTop', color: STATES[state], fontSize: 10 },
  }));
  const starts = deploys.map((time) => ({ ...line(DEPLOY), xAxis: time * 1000, label: { show: false } }));
  return { type: 'line', data: [], markLine: { silent: true, animation: false, symbol: 'none', data: [...levels, ...starts] } };
}

function legendOf(series, unit, width) {
  const most = LEGEND_ROWS * LEGEND_COLUMNS;
  const shown = series.length > most ? series.slice(0, most - 1) : series;
  const entries = shown.map(({ name, values }, index) => ({ name, value: written(lastNumber(values), unit), color: color(index) }));
  if (shown.length < series.length) entries.push({ name: `and ${series.length - shown.length} more`, value: '' });
  const column = (width - 24) / LEGEND_COLUMNS;
  const rows = Math.ceil(entries.length / LEGEND_COLUMNS);
  const place = (index) => ({ x: Math.floor(index / rows) * column, y: (index % rows) * LEGEND_ROW });
  return { height: rows * LEGEND_ROW + 4, drawn: entries.map((each, index) => entry(each, place(index), column)).join('') };
}

const lastNumber = (values) => values.findLast(([, value]) => !Number.isNaN(value))?.[1] ?? NaN;

function entry({ name, value, color: stroke }, { x, y }, column) {
  const dash = stroke ? `<rect x="${x}" y="${y + 5}" width="14" height="4" rx="2" fill="${stroke}"/>` : '';
  const words = text(cut(name, column - 95, 11), { x: x + 20, y: y + 11, size: 11, fill: stroke ? INK : FAINT });
  return `${dash}${words}${text(value, { x: x + column - 14, y: y + 11, size: 11, fill: FAINT, anchor: 'end' })}`;
}
