// Scrapes while somebody looks at the page: never two scrapes at a time, and never so often that the app would feel them.

import { POLL_MS } from '../windows';

/** Why there is no text: the app does not answer, or answers something else, in the app's own words. */
export type Failure = { readonly kind: 'away' } | { readonly kind: 'refused'; readonly status: number; readonly words: string };

export type Outcome = { readonly text: string } | Failure;

const PATIENCE_MS = 10_000;
/** A long scrape means many series or a busy app: the poller then pauses for several times as long, up to a limit. */
const REST_FACTOR = 3;
const LONGEST_REST_MS = 10_000;
/** A smaller difference between two clocks does not count. */
const CLOCKS_DIFFER_MS = 2_000;

export class Poller {
  #timer = 0;
  #polling = false;
  /** Of the app's clock before this machine's, in ms: start times are by the app's. */
  #ahead: number | undefined;

  /** @param scraped receives the start of each scrape, by the app's clock, and its outcome */
  constructor(
    private readonly url: string,
    private readonly scraped: (at: number, outcome: Outcome) => void,
  ) {
    document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(this.#timer) : void this.poll()));
  }

  async poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    clearTimeout(this.#timer);
    const began = Date.now();
    const outcome = await this.#scrape();
    this.scraped(began + (this.#ahead ?? 0), outcome);
    this.#polling = false;
    const took = Date.now() - began;
    const unwelcome = 'status' in outcome && (outcome.status === 401 || outcome.status === 403);
    const rest = Math.min(LONGEST_REST_MS, Math.max(POLL_MS - took, took * REST_FACTOR));
    if (!document.hidden && !unwelcome) this.#timer = window.setTimeout(() => void this.poll(), rest);
  }

  async #scrape(): Promise<Outcome> {
    try {
      const headers = { accept: 'text/plain; version=0.0.4' };
      const response = await fetch(this.url, { headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await response.text();
      this.#ahead ??= differenceOf(response.headers.get('date'));
      return response.ok ? { text } : { kind: 'refused', status: response.status, words: text.split('\n', 1)[0]!.slice(0, 200) };
    } catch {
      return { kind: 'away' };
    }
  }
}

function differenceOf(date: string | null): number {
  const difference = Date.parse(date ?? '') - Date.now();
  return Math.abs(difference) > CLOCKS_DIFFER_MS ? difference : 0;
}
