// A number now, coloured by its limits, with its past as a small line.

import type { LivePanel } from '../panels';
import { about } from './about';
import { element, setState, setText } from './dom';
import { written } from './format';
import { drawSpark } from './spark';
import type { Theme } from './theme';
import type { Timeline } from './timeline';
import { lasting, type State } from './verdict';

export class Tile {
  readonly element: HTMLElement;
  state: State = 'none';
  /** The number as the tile shows the number. */
  shown = '–';
  readonly #number = element('span', { class: 'number' }, '–');
  readonly #unit = element('span', { class: 'unit' });
  readonly #spark = element('canvas', { class: 'spark', 'aria-hidden': 'true' });

  constructor(
    readonly panel: LivePanel,
    readonly title: string,
    runbook: string,
  ) {
    const head = element('div', { class: 'tile-title' }, element('span', {}, title), about(panel, runbook));
    this.element = element('div', { class: 'tile' }, head, element('div', { class: 'value' }, this.#number, this.#unit), this.#spark);
  }

  update(timeline: Timeline, theme: Theme): void {
    const values = sum(this.panel.queries.flatMap((query) => timeline.traces(query).map((trace) => trace.values)));
    const now = values.at(-1);
    const { number, unit } = written(now, this.panel.unit);
    this.state = lasting(values, this.panel.limits);
    this.shown = `${number} ${unit}`.trim();
    setText(this.#number, number);
    setText(this.#unit, unit);
    setState(this.element, this.panel.limits ? this.state : 'none');
    const color = { none: theme.line('', 0), well: theme.line('', 0), warning: theme.warning, critical: theme.critical }[this.state];
    drawSpark(this.#spark, values, this.panel.limits ? color : theme.line('', 0));
  }
}

/** Over all series of the panel: a tile has a single number. */
function sum(all: readonly (readonly (number | null)[])[]): readonly (number | null)[] {
  const [first = [], ...others] = all;
  return others.length === 0 ? first : first.map((_, index) => total(all.map((values) => values[index] ?? null)));
}

const total = (values: readonly (number | null)[]): number | null =>
  values.reduce((so, value) => (value === null ? so : (so ?? 0) + value), null as number | null);
