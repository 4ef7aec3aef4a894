// Scrapes GET /metrics, and keeps the last few scrapes as the base of rates.

import { parseExposition } from './exposition';
import { type Figures, figuresOf } from './figures';
import { Interval, Scrape } from './increase';

/** Figures, and their time. */
export interface Lately {
  readonly figures: Figures;
  readonly seconds: number;
}

const WINDOW_MS = 10_000;

export class Scraper {
  #scrapes: { at: number; scrape: Scrape }[] = [];

  constructor(readonly url: string) {}

  /** @throws if the answer is not a 200 with an exposition */
  async scrape(): Promise<Scrape> {
    const response = await fetch(this.url, { signal: AbortSignal.timeout(5_000) });
    const body = await response.text();
    if (!response.ok) throw new Error(`GET ${this.url} answered ${response.status}: ${body.slice(0, 200)}`);
    const scrape = new Scrape(parseExposition(body));
    const at = performance.now();
    this.#scrapes = [...this.#scrapes.filter((kept) => at - kept.at <= WINDOW_MS), { at, scrape }];
    return scrape;
  }

  /** The last ten seconds, or as much of them as was scraped; undefined before the second scrape. */
  lately(): Lately | undefined {
    const [first, last] = [this.#scrapes[0], this.#scrapes.at(-1)];
    if (!first || !last || first === last) return undefined;
    return { figures: figuresOf(new Interval(first.scrape, last.scrape)), seconds: (last.at - first.at) / 1_000 };
  }
}
