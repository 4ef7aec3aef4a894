// What answers a scrape: one collection, written as text in the format that was asked for.

/** The body of an answer: its content type, and its text in chunks that leave the event loop free between them. */
export interface Exposition {
  readonly contentType: string;
  readonly chunks: AsyncIterable<string>;
}

/**
 * Collects, then hands out the text. Scrapes that overlap share one collection.
 *
 * @param accept the Accept header; OpenMetrics is written only if it is preferred there
 * @throws (rejects) if the collection failed as a whole; there is then nothing true to serve
 */
export type Scrape = (accept?: string) => Promise<Exposition>;
