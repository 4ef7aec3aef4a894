// The answer to a scrape: a collection as text in the requested format.

/** The content type of an answer, and its text in chunks; between two chunks, the event loop is free. */
export interface Exposition {
  readonly contentType: string;
  readonly chunks: AsyncIterable<string>;
}

/**
 * Collects, then hands out the text. Overlapping scrapes share a collection.
 *
 * @param accept the Accept header; the text is OpenMetrics only if the header prefers OpenMetrics
 * @throws (rejects) if the collection failed as a whole: there is nothing true to serve
 */
export type Scrape = (accept?: string) => Promise<Exposition>;
