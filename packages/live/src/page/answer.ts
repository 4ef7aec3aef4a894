// The page's first answer: is the app at fault, the database, the cache, or the jobs? The overview's tiles by the word before their colon.

import type { LivePanel } from '../panels';
import { element, setState, setText } from './dom';
import type { Theme } from './theme';
import { Tile } from './tile';
import type { Timeline } from './timeline';
import { WORDS, worst, type State } from './verdict';

interface Column {
  readonly name: string;
  readonly element: HTMLElement;
  readonly word: HTMLElement;
  readonly tiles: readonly Tile[];
}

export class Answer {
  readonly element: HTMLElement;
  readonly #columns: readonly Column[];
  readonly #sentence = element('p', { class: 'sentence', role: 'status' }, 'Collecting the first figures …');

  constructor(panels: readonly LivePanel[], runbook: string) {
    const names = [...new Set(panels.map(({ title }) => title.split(': ')[0]!))];
    this.#columns = names.map((name) => column(name, panels, runbook));
    this.element = element(
      'section',
      { class: 'answer' },
      this.#sentence,
      element('div', { class: 'columns' }, ...this.#columns.map((each) => each.element)),
    );
  }

  update(timeline: Timeline, theme: Theme): void {
    for (const { tiles, element: place, word } of this.#columns) {
      for (const tile of tiles) tile.update(timeline, theme);
      const state = worst(tiles.map((tile) => tile.state));
      setState(place, state);
      setText(word, WORDS[state]);
    }
    if (timeline.times.length > 1) this.#say();
  }

  /** The app does not answer: the figures on the page are of the past. */
  say(sentence: string, state: State): void {
    setText(this.#sentence, sentence);
    setState(this.#sentence, state);
  }

  #say(): void {
    const troubled = this.#columns.map((column) => ({ ...column, state: worst(column.tiles.map((tile) => tile.state)) }));
    const first = troubled.find(({ state }) => state === 'critical') ?? troubled.find(({ state }) => state === 'warning');
    if (!first) return this.say('All is well.', 'well');
    const reasons = first.tiles.filter(({ state }) => state === first.state).map(({ title, shown }) => `${title} ${shown}`);
    this.say(`Look at ${first.name === 'Us' ? 'the app itself' : `the ${first.name.toLowerCase()}`} first: ${reasons.join(', ')}.`, first.state);
  }
}

function column(name: string, panels: readonly LivePanel[], runbook: string): Column {
  const own = panels.filter(({ title }) => title.startsWith(`${name}: `));
  const tiles = own.map((panel) => new Tile(panel, sentenceCase(panel.title.slice(name.length + 2)), runbook));
  const word = element('span', { class: 'word' });
  const head = element('header', {}, element('h2', {}, name), word);
  const place = element('section', { class: 'column' }, head, ...tiles.map((tile) => tile.element));
  place.style.setProperty('--tiles', String(tiles.length));
  place.style.setProperty('--narrow', String(tiles.length > 3 ? Math.ceil(tiles.length / 2) : tiles.length));
  return { name, tiles, word, element: place };
}

const sentenceCase = (title: string): string => title[0]!.toUpperCase() + title.slice(1);
