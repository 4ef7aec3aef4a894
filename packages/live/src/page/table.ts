// The largest series now, each with its labels and a bar for comparison.

import type { LivePanel } from '../panels';
import { about } from './about';
import { element } from './dom';
import { text } from './format';
import type { Timeline, Trace } from './timeline';

export class Table {
  readonly element: HTMLElement;
  readonly #body = element('tbody');
  empty = true;

  constructor(
    readonly panel: LivePanel,
    runbook: string,
  ) {
    const head = element('header', {}, element('h4', {}, panel.title), about(panel, runbook));
    this.element = element(
      'section',
      { class: 'panel' },
      head,
      element('div', { class: 'fill' }, element('table', { 'aria-label': panel.title }, this.#body)),
    );
  }

  update(timeline: Timeline): void {
    const rows = this.panel.queries
      .flatMap((query) => timeline.traces(query))
      .filter((trace) => now(trace) !== null)
      .sort((a, b) => now(b)! - now(a)!);
    this.empty = rows.length === 0;
    const most = rows[0] ? now(rows[0])! : 0;
    this.#body.replaceChildren(...rows.map((trace) => this.#row(trace, most)));
  }

  #row(trace: Trace, most: number): HTMLElement {
    const bar = element('span', { class: 'bar' });
    bar.style.width = `${most > 0 && this.panel.unit !== 'version' ? (now(trace)! / most) * 100 : 0}%`;
    const name = element('th', { scope: 'row', title: trace.name }, bar, element('span', {}, trace.name || this.panel.title));
    return element('tr', {}, name, element('td', {}, text(now(trace), this.panel.unit)));
  }
}

const now = ({ values }: Trace): number | null => values.at(-1) ?? null;
