// The whole picture: title, figures, footer; at the screen's own pace.

import type { Lately } from '../figures/scraper';
import { FAULT_KEYS } from '../run/fault-keys';
import type { Address } from '../run/addresses';
import { sum } from '../run/comparison';
import type { Page } from '../visitors/guest-book';
import { figureLines, listed, type Line, wrapped } from './lines';
import type { Screen } from './screen';

export class Picture {
  readonly #begun = Date.now();
  readonly #faultsUntil = new Map<string, number>();
  #drawnAt = Date.now();

  constructor(
    readonly screen: Screen,
    readonly addresses: readonly Address[],
  ) {}

  /**
   * @param book the backend's own, once the backend has answered
   * @param below the backend's last line, or the present fault
   */
  draw(lately: Lately | undefined, book: Page | undefined, below: string | undefined): void {
    if (!lately || Date.now() - this.#drawnAt < this.screen.everyMs * 0.95) return;
    this.#drawnAt = Date.now();
    const { rows, columns } = this.screen;
    const [above, under] = [this.#title(lately), this.#footer(book, below)];
    const room = { rows: rows - above.length - under.length, columns };
    this.screen.show([...above, ...figureLines(lately, room).slice(0, room.rows), ...under]);
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
    const addresses = this.addresses.map(({ name, url }) => `${name} ${url}`);
    return [
      ...wrapped(['EarnTrack', `${perSecond.toFixed(0)} requests/s`, `${elapsed} s`, ...addresses], this.screen.columns, 'title'),
      ...wrapped([`From /metrics, last ${seconds.toFixed(0)} s.`, ...EXPLAINED], this.screen.columns, 'dim'),
    ];
  }

  #footer(book: Page | undefined, below: string | undefined): Line[] {
    const keys = Object.entries(FAULT_KEYS).map(([key, fault]) => {
      const left = Math.ceil(((this.#faultsUntil.get(fault) ?? 0) - Date.now()) / 1_000);
      return left > 0 ? `${key} ${fault} (${left} s)` : `${key} ${fault}`;
    });
    const { columns, hasKeys } = this.screen;
    return [
      visitsLine(book, columns),
      { text: below ?? '', tone: 'dim' },
      ...(hasKeys ? wrapped(['Break it:', ...keys, 'q quit'], columns, 'title') : []),
    ];
  }
}

const EXPLAINED = ['p95: 95 % took less.', '5xx: failed.', 'slow: >100 ms.'];

function visitsLine(book: Page | undefined, columns: number): Line {
  const asked = Object.entries(book?.asked ?? {}).toSorted(([, a], [, b]) => b - a);
  const items = asked.map(([request, count]) => (count > 1 ? `${request} (${count} times)` : request));
  const visits = items.length > 0 ? [`${sum(book!.visitors)} requests:`, ...items] : ['nobody but the load driver has asked yet'];
  return listed('VISITORS', visits, columns)[0]!;
}
