// The page's three times. The window of a rate is ten polls: steady enough to read, short enough to show the latest change.

export const POLL_MS = 3_000;
export const RATE_WINDOW_MS = 30_000;
/** How much of the past the page keeps and draws. */
export const WINDOW_MS = 15 * 60_000;

/**
 * The values of Grafana's variables at `at`, in ms. The window of a rate does not begin before the first scrape: Prometheus would divide the
 * increase of a part of the window by the whole window, and the page's first figures would be too low.
 */
export function rangesAt(at: number, firstScrape: number): { readonly $__rate_interval: number; readonly $__range: number } {
  return { $__rate_interval: Math.min(RATE_WINDOW_MS, at - firstScrape + POLL_MS), $__range: WINDOW_MS };
}
