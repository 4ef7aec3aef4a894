// The whole picture: title, figures, footer; at the screen's own pace.

import type { Lately } from '../figures/scraper';
import { FAULT_KEYS } from '../run/fault-keys';
import { figureLines, type Line } from './lines';
import type { Screen } from './screen';

export class Picture {
  readonly #begun = Date.now();
  readonly #faultsUntil = new Map<string, number>();
  #drawnAt = Date.now();

  constructor(
    readonly screen: Screen,
    readonly port: number,
  ) {}

  /** @param below the backend's last line, or what is wrong */
  draw(lately: Lately | undefined, below: string | undefined): void {
    if (!lately || Date.now() - this.#drawnAt < this.screen.everyMs * 0.95) return;
    this.#drawnAt = Date.now();
    const { rows, columns } = this.screen;
    const [above, under] = [this.#title(lately), this.#footer(below)];
    const room = { rows: rows - above.length - under.length, columns };
    this.screen.show([...above, ...figureLines(lately, room), ...under]);
  }

  faultTurnedOn(fault: string, seconds: number): void {
    this.#faultsUntil.set(fault, Date.now() + seconds * 1_000);
  }

  close(): void {
    this.screen.close();
  }

  #title({ figures, seconds }: Lately): Line[] {
    const perSecond = figures.endpoints.reduce((sum, { count }) => sum + count, 0) / seconds;
    const elapsed = Math.round((Date.now() - this.#begun) / 1_000);
    return [
      { text: `EarnTrack  ${perSecond.toFixed(0)} requests/s  ${elapsed} s  http://localhost:${this.port}/metrics/live`, tone: 'title' },
      { text: `All of this is read from /metrics: the last ${seconds.toFixed(0)} seconds`, tone: 'dim' },
    ];
  }

  #footer(below: string | undefined): Line[] {
    const keys = Object.entries(FAULT_KEYS).map(([key, fault]) => {
      const left = Math.ceil(((this.#faultsUntil.get(fault) ?? 0) - Date.now()) / 1_000);
      return left > 0 ? `${key} ${fault} (${left} s)` : `${key} ${fault}`;
    });
    return [{ text: below ?? '', tone: 'dim' }, ...(this.screen.hasKeys ? [{ text: [...keys, 'q quit'].join('  '), tone: 'title' as const }] : [])];
  }
}
