// The bodies of answers: all scrapes waiting before a collection begins share the collection and its text. No scrape gets figures older than
// its own request.

import { pipeline, Readable } from 'node:stream';
import { formatFor } from '../exposition/negotiation';
import type { Exposition, Scrape } from '../exposition/scrape';
import { after } from '../later';
import { Place, Tape } from './tape';

/** Between two collections lies this multiple of the first's duration, sending included: four fifths of the time remain for the app. */
const SHARE = 5;
/** The longest time between two collections. */
const PAUSE_MS = 1000;

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
  #begun = -Infinity;
  /** The time at which the last collection was fully sent; undefined while the preload still sends that collection. */
  #sent: number | undefined = -Infinity;
  /** Plans the beginning of the waiting collection anew. */
  #plan: (() => void) | undefined;

  constructor(private readonly scrape: Scrape) {}

  /** The body of the next collection, for a single reader. The reader has to leave the body's tape. */
  take(accept: string | undefined, compressed: boolean): Body {
    const batch = (this.#next ??= this.#batch());
    const { bodies } = batch;
    const key = `${formatFor(accept).contentType} ${compressed}`;
    const shared = bodies.get(key) ?? bodyOf(this.#collected(batch, accept), compressed, () => this.#isSent());
    bodies.set(key, shared);
    shared.tape.joined();
    return { ...shared };
  }

  async #collected({ begun, bodies }: Batch, accept: string | undefined): Promise<Exposition> {
    await begun;
    if (!isWanted(bodies)) throw new Error('nobody waits for it any more');
    return this.scrape(accept);
  }

  #batch(): Batch {
    const bodies = new Map<string, Body>();
    const begun = new Promise<void>((resolve) => {
      const begin = (): void => {
        this.#next = undefined;
        this.#plan = undefined;
        this.#begun = performance.now();
        this.#sent = isWanted(bodies) ? undefined : this.#begun;
        resolve();
      };
      this.#plan = planned(begin, () => this.#pause());
      this.#plan();
    });
    return { begun, bodies };
  }

  /** How long the next collection has to wait, in ms. */
  #pause(): number {
    const most = this.#sent === undefined ? PAUSE_MS : Math.min(SHARE * (this.#sent - this.#begun), PAUSE_MS);
    return most - (performance.now() - this.#begun) || 0;
  }

  #isSent(): void {
    this.#sent = performance.now();
    this.#plan?.();
  }
}

/** @returns plans the beginning, and plans anew at each further call */
function planned(begin: () => void, pause: () => number): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = after('a collection', Math.max(pause(), 0), begin);
  };
}

function isWanted(bodies: ReadonlyMap<string, Body>): boolean {
  return [...bodies.values()].some(({ tape }) => tape.isRead);
}

function bodyOf(collected: Promise<Exposition>, compressed: boolean, sent: () => void): Body {
  const tape = new Tape<Part>(iteratorOf(collected, compressed), sent);
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
