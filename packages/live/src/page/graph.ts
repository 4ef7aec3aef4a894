// Lines over time, with a legend of their values: at the last scrape, or at the moment under the pointer.

import uPlot from 'uplot';
import type { LivePanel } from '../panels';
import { about } from './about';
import { element, setText } from './dom';
import { axisUnit, onAxis, text } from './format';
import type { Theme } from './theme';
import type { Timeline, Trace } from './timeline';

/** The most lines of a graph. The legend says how many more there are. */
const MOST_LINES = 8;
/** The shortest span on the time axis. */
const LEAST_SECONDS = 60;

export class Graph {
  readonly element: HTMLElement;
  empty = true;
  readonly #plot = element('div', { class: 'plot', role: 'img' });
  readonly #legend = element('ul', { class: 'legend' });
  readonly #unit = element('span', { class: 'axis-unit' });
  /** The value of a single line, which needs no legend. */
  readonly #only = element('b', { class: 'only' });
  #chart: uPlot | undefined;
  #drawn = '';
  #lines: Trace[] = [];
  #values: HTMLElement[] = [];

  constructor(
    readonly panel: LivePanel,
    runbook: string,
  ) {
    const head = element('header', {}, element('h4', {}, panel.title), this.#unit, this.#only, about(panel, runbook));
    this.element = element('section', { class: 'panel' }, head, this.#plot, this.#legend);
    this.#unit.textContent = axisUnit(panel.unit);
    new ResizeObserver(() => this.#chart?.setSize(this.#size())).observe(this.#plot);
  }

  /** Draws the colours anew at the next update. */
  forget(): void {
    this.#drawn = '';
  }

  update(timeline: Timeline, theme: Theme): void {
    const all = this.panel.queries.flatMap((query) => timeline.traces(query));
    this.empty = all.length === 0;
    if (this.empty || this.#plot.clientWidth === 0) return;
    this.#lines = all.length > MOST_LINES ? largest(all) : all;
    const drawn = JSON.stringify(this.#lines.map(({ name }) => name));
    if (drawn !== this.#drawn) this.#draw(timeline, theme, all.length - this.#lines.length);
    this.#drawn = drawn;
    this.#chart!.setData(this.#data(timeline.times));
    this.#tell(this.#chart!.cursor.idx ?? timeline.times.length - 1);
    this.#plot.setAttribute('aria-label', this.#summary());
  }

  #data(times: readonly number[]): uPlot.AlignedData {
    const columns = this.#lines.map(({ values }) => values);
    return [times as number[], ...(this.panel.stacked ? stack(columns) : columns)];
  }

  #draw(timeline: Timeline, theme: Theme, omitted: number): void {
    this.#chart?.destroy();
    this.#chart = new uPlot(this.#options(timeline, theme), this.#data(timeline.times), this.#plot);
    const single = this.#lines.length === 1 && this.#lines[0]!.name === '';
    this.#only.hidden = !single;
    this.#legend.hidden = single;
    this.#values = single ? [this.#only] : this.#lines.map(() => element('b', {}));
    if (single) return;
    const items = this.#lines.map(({ name }, index) => legendItem(name || this.panel.title, theme.line(name, index), this.#values[index]!));
    this.#legend.replaceChildren(...items, ...(omitted > 0 ? [element('li', { class: 'more' }, `and ${omitted} smaller ones`)] : []));
  }

  /** A panel beside a taller panel has a taller plot. */
  #size(): { width: number; height: number } {
    return { width: this.#plot.clientWidth, height: this.#plot.clientHeight };
  }

  #options(timeline: Timeline, theme: Theme): uPlot.Options {
    const { stacked, unit } = this.panel;
    const colors = this.#lines.map(({ name }, index) => theme.line(name, index));
    const axis = { stroke: theme.text, font: '11px system-ui, sans-serif', ticks: { show: false }, grid: { stroke: theme.grid, width: 1 } };
    return {
      ...this.#size(),
      padding: [8, 4, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'live' }, y: false, points: { size: 6 } },
      series: [{}, ...colors.map((stroke) => ({ stroke, width: 1.5, points: { show: false }, ...(stacked && { fill: `${stroke}38` }) }))],
      ...(stacked && { bands: colors.slice(1).map((_, index) => ({ series: [index + 2, index + 1] as [number, number] })) }),
      scales: { x: { range: (_, from, to) => [Math.min(from, to - LEAST_SECONDS), to] }, y: { range: (_, _from, to) => [0, top(to, unit)] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 22,
          space: 70,
          values: (_, times) => times.map((time) => clock(time, times.at(-1)! - times[0]! < 240)),
        },
        { ...axis, size: 50, space: 30, gap: 4, values: (_, values) => values.map((value) => onAxis(value, unit)) },
      ],
      hooks: {
        setCursor: [(chart) => this.#tell(chart.cursor.idx ?? timeline.times.length - 1)],
        draw: [(chart) => this.#mark(chart, timeline, theme)],
      },
    };
  }

  /** The values of the moment at `index` into the legend. */
  #tell(index: number): void {
    this.#lines.forEach(({ values }, line) => setText(this.#values[line]!, text(values[index], this.panel.unit)));
  }

  /** Limits lie across, restarts upright. */
  #mark(chart: uPlot, { restarts }: Timeline, theme: Theme): void {
    const { left, top: upper, width, height } = chart.bbox;
    const line = (color: string, from: readonly [number, number], to: readonly [number, number]): void => {
      Object.assign(chart.ctx, { strokeStyle: color, lineWidth: devicePixelRatio });
      chart.ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      chart.ctx.beginPath();
      chart.ctx.moveTo(...from);
      chart.ctx.lineTo(...to);
      chart.ctx.stroke();
    };
    chart.ctx.save();
    for (const name of ['warning', 'critical'] as const) {
      const limit = this.panel.limits?.[name];
      const y = limit === undefined ? -1 : Math.round(chart.valToPos(limit, 'y', true));
      if (y >= upper && y <= upper + height) line(theme[name], [left, y], [left + width, y]);
    }
    for (const restart of restarts) {
      const x = Math.round(chart.valToPos(restart, 'x', true));
      if (x > left && x < left + width) line(theme.mark, [x, upper], [x, upper + height]);
    }
    chart.ctx.restore();
  }

  #summary(): string {
    const last = this.#lines.map(({ name, values }) => `${name} ${text(values.at(-1), this.panel.unit)}`);
    return `${this.panel.title}: ${last.join(', ')}`;
  }
}

/** The largest series of the window, in the order of their appearance. */
function largest(traces: readonly Trace[]): Trace[] {
  const size = new Map(traces.map((trace) => [trace, trace.values.reduce((sum: number, value) => sum + (value ?? 0), 0)]));
  const most = new Set(traces.toSorted((a, b) => size.get(b)! - size.get(a)!).slice(0, MOST_LINES));
  return traces.filter((trace) => most.has(trace));
}

/** Each series on top of the series before. */
function stack(columns: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const height: number[] = [];
  return columns.map((values) =>
    values.map((value, index) => {
      if (columns.every((column) => column[index] === null)) return null;
      return (height[index] = (height[index] ?? 0) + (value ?? 0));
    }),
  );
}

/** A flat line at 0 lies at the bottom; a share does not go above 1. */
function top(most: number | null, unit: LivePanel['unit']): number {
  if (!most || most <= 0) return unit === 'ratio' ? 0.01 : 1;
  return unit === 'ratio' && most > 0.5 ? Math.max(1, most) : most * 1.08;
}

/** Two digits each, whatever the language: the axis has no room for more. */
function clock(seconds: number, toTheSecond: boolean): string {
  const moment = new Date(seconds * 1000);
  const parts = [moment.getHours(), moment.getMinutes(), ...(toTheSecond ? [moment.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function legendItem(name: string, color: string, value: HTMLElement): HTMLElement {
  const swatch = element('i', { 'aria-hidden': 'true' });
  swatch.style.background = color;
  return element('li', {}, swatch, element('span', { title: name }, name), value);
}
