// A board: the tiles in a line with the title, the graphs and tables below. A panel without data takes no room, and the board names the panel.

import type { LiveBoard, LivePanel, LiveRow } from '../panels';
import { element, setText } from './dom';
import { Graph } from './graph';
import { Table } from './table';
import type { Theme } from './theme';
import { Tile } from './tile';
import type { Timeline } from './timeline';

type Drawn = Graph | Table;

/** The panels of a grid, and the panels with data. */
class Grid {
  readonly element = element('div', { class: 'grid' });
  readonly panels: readonly Drawn[];

  constructor(panels: readonly LivePanel[], runbook: string) {
    this.panels = panels.map((panel) => (panel.kind === 'table' ? new Table(panel, runbook) : new Graph(panel, runbook)));
    this.element.append(...this.panels.map((panel) => panel.element));
  }

  update(timeline: Timeline, theme: Theme): void {
    for (const panel of this.panels) {
      panel.element.hidden = panel.empty;
      panel.update(timeline, theme);
    }
    const full = this.panels.filter(({ empty }) => !empty);
    this.element.hidden = full.length === 0;
    full.forEach(({ element: place }, index) => {
      place.dataset['of3'] = String(span(index, full.length, 3));
      place.dataset['of2'] = String(span(index, full.length, 2));
    });
  }
}

/** How wide a panel is, in sixths of a line of `across` panels: the last line is filled, too. */
function span(index: number, count: number, across: 2 | 3): number {
  const left = count % across;
  // Four panels are two and two, rather than three and a single one.
  const [narrow, wide] = across === 3 && left === 1 && count > 1 ? [count - 4, 2] : [count - left, left];
  return index < narrow ? 6 / across : 6 / Math.max(1, wide);
}

export class Section {
  readonly element: HTMLElement;
  readonly id: string;
  readonly #tiles: readonly Tile[];
  readonly #grids: readonly Grid[];
  readonly #missing = element('p', { class: 'missing' });
  empty = true;

  constructor(
    readonly board: Pick<LiveBoard, 'title' | 'description' | 'rows'>,
    runbook: string,
  ) {
    this.id = board.title.toLowerCase().replace(/\W+/g, '-');
    const panels = board.rows.flatMap((row) => row.panels);
    this.#tiles = panels.filter(({ kind }) => kind === 'tile').map((panel) => new Tile(panel, panel.title, runbook));
    const open = new Grid(drawn(board.rows, false), runbook);
    const folded = new Grid(drawn(board.rows, true), runbook);
    this.#grids = [open, folded];
    const heading = element('div', { class: 'heading' }, element('h2', {}, board.title), element('p', {}, board.description));
    const strip = element('div', { class: 'strip' }, ...this.#tiles.map((tile) => tile.element));
    this.element = element('section', { class: 'board', id: this.id }, heading, ...(this.#tiles.length > 0 ? [strip] : []), open.element);
    if (folded.panels.length > 0)
      this.element.append(
        element(
          'details',
          { class: 'folded' },
          element('summary', {}, 'Legacy panels (over five minutes: complete when this page has been open as long)'),
          folded.element,
        ),
      );
    this.element.append(this.#missing);
  }

  update(timeline: Timeline, theme: Theme): void {
    this.empty = this.board.rows.every(({ panels }) => panels.every(({ queries }) => queries.every((query) => timeline.traces(query).length === 0)));
    this.element.hidden = this.empty;
    if (this.empty) return;
    for (const part of [...this.#tiles, ...this.#grids]) part.update(timeline, theme);
    const missing = this.#grids[0]!.panels.filter(({ empty }) => empty).map(({ panel }) => panel.title);
    setText(this.#missing, missing.length > 0 ? `No data so far: ${missing.join(', ')}` : '');
  }

  /** Draws the colours anew at the next update. */
  forget(): void {
    for (const panel of this.#grids.flatMap(({ panels }) => panels)) if (panel instanceof Graph) panel.forget();
  }
}

const drawn = (rows: readonly LiveRow[], folded: boolean): LivePanel[] =>
  rows.filter((row) => row.folded === folded).flatMap(({ panels }) => panels.filter(({ kind }) => kind !== 'tile'));
