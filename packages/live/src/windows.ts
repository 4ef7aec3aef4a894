// The page's three times. A rate's window is ten polls: steady enough to be read, short enough to show what was just done.

export const POLL_MS = 3_000;
export const RATE_WINDOW_MS = 30_000;
/** What is kept, and drawn. */
export const WINDOW_MS = 15 * 60_000;
