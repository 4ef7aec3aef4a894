// The bodies of answers: one collection and one text for all who came before it began. Nobody is told of a time before he asked.

import { pipeline, Readable } from 'node:stream';
import { formatFor } from '../exposition/negotiation';
import type { Exposition, Scrape } from '../exposition/scrape';
import { after } from '../later';
import { Place, Tape } from './tape';

/** The least time between two collections while several scrapes are under way. */
const PAUSE_MS = 500;

export interface Body {
  readonly contentType: Promise<string>;
  readonly tape: Tape<Part>;
  /** Where its reader stands. */
  place: Place<Part>;
}

export type Part = string | Buffer;

interface Batch {
  readonly begun: Promise<void>;
  /** By format and coding. */
  readonly bodies: Map<string, Body>;
}

export class Bodies {
  #next: Batch | undefined;
  #last = -Infinity;

  constructor(
    private readonly scrape: Scrape,
    /** Whether to leave time between collections. */
    private readonly crowded: () => boolean,
  ) {}

  /** The body of the next collection, for one reader, who has to leave its tape. */
  take(accept: string | undefined, compressed: boolean): Body {
    const { begun, bodies } = (this.#next ??= this.#batch());
    const key = `${formatFor(accept).contentType} ${compressed}`;
    const shared = bodies.get(key) ?? bodyOf(this.#collected(begun, accept), compressed);
    bodies.set(key, shared);
    shared.tape.joined();
    return { ...shared };
  }

  async #collected(begun: Promise<void>, accept: string | undefined): Promise<Exposition> {
    await begun;
    return this.scrape(accept);
  }

  #batch(): Batch {
    const wait = this.crowded() ? this.#last + PAUSE_MS - performance.now() : 0;
    const begun = new Promise<void>((resolve) => {
      const begin = (): void => {
        this.#next = undefined;
        this.#last = performance.now();
        resolve();
      };
      if (wait > 0) after('a collection', wait, begin);
      else setImmediate(begin);
    });
    return { begun, bodies: new Map() };
  }
}

function bodyOf(collected: Promise<Exposition>, compressed: boolean): Body {
  const tape = new Tape<Part>(iteratorOf(collected, compressed));
  return { contentType: contentTypeOf(collected), tape, place: new Place(tape) };
}

async function iteratorOf(collected: Promise<Exposition>, compressed: boolean): Promise<AsyncIterator<Part>> {
  const { chunks } = await collected;
  return (compressed ? zipped(chunks) : chunks)[Symbol.asyncIterator]();
}

async function contentTypeOf(collected: Promise<Exposition>): Promise<string> {
  return (await collected).contentType;
}

/** On zlib's threads. */
function zipped(chunks: AsyncIterable<string>): AsyncIterable<Buffer> {
  const { constants, createGzip } = require('node:zlib') as typeof import('node:zlib');
  return pipeline(Readable.from(chunks), createGzip({ level: constants.Z_BEST_SPEED }), () => {});
}
