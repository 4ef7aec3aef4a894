// The page's three times. A rate's window is ten polls: steady enough to be read, short enough to show what was just done.

export const POLL_MS = 3_000;
export const RATE_WINDOW_MS = 30_000;
/** What is kept, and drawn. */
export const WINDOW_MS = 15 * 60_000;

/**
 * What Grafana's variables stand for at `at`, in ms. A rate's window does not begin before the first scrape: Prometheus would divide what
 * it saw of the window by all of it, and the page's first figures would be too low.
 */
export function rangesAt(at: number, firstScrape: number): { readonly $__rate_interval: number; readonly $__range: number } {
  return { $__rate_interval: Math.min(RATE_WINDOW_MS, at - firstScrape + POLL_MS), $__range: WINDOW_MS };
}
