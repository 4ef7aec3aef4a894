// Hits and misses by cache type: two integers a type, read when metrics are collected. Nothing is kept by key.

import { OTHER } from '../labels/label-caps';
import { DEFAULT_QUEUE_PREFIX, type QueueKeys } from '../jobs/queue-keys';

export interface Counts {
  hits: number;
  misses: number;
}

export interface CacheTypes {
  /** CACHE_TYPES: no further types are told apart. */
  readonly only: ReadonlySet<string> | undefined;
  /** The type itself, or `other` once there are too many. */
  admit(type: string): string;
}

const COLON = 58;
const HYPHEN = 45;
const UNDERSCORE = 95;
const LONGEST_NAME = 32;
/** The length to look at in a Buffer key: enough for any keyPrefix and a name. */
const BUFFER_BYTES = 256;

export class CacheCounts {
  readonly #byType = new Map<string, Counts>();

  constructor(
    private readonly types: CacheTypes,
    private readonly queues: QueueKeys,
  ) {}

  /** Where a read of this key counts, or undefined if the key belongs to a job queue. */
  of(key: unknown, keyPrefix: string): Counts | undefined {
    const text = typeof key === 'string' ? key : textOf(key);
    if (this.queues.known && this.queues.owns(text)) return undefined;
    const name = nameAt(text, text.startsWith(keyPrefix) ? keyPrefix.length : 0);
    if (name === DEFAULT_QUEUE_PREFIX) return undefined;
    return this.#byType.get(name) ?? this.#countsOf(this.#typeOf(name));
  }

  /** Every type ever read, with both of its counts. */
  entries(): IterableIterator<[type: string, counts: Counts]> {
    return this.#byType.entries();
  }

  #typeOf(name: string): string {
    if (name === OTHER || (this.types.only !== undefined && !this.types.only.has(name))) return OTHER;
    return this.types.admit(name);
  }

  #countsOf(type: string): Counts {
    let counts = this.#byType.get(type);
    if (counts === undefined) this.#byType.set(type, (counts = { hits: 0, misses: 0 }));
    return counts;
  }
}

function textOf(key: unknown): string {
  return Buffer.isBuffer(key) ? key.toString('utf8', 0, BUFFER_BYTES) : String(key);
}

/**
 * The text from `start` to the next colon if the text is `[A-Za-z][A-Za-z_-]{0,31}`, else `other`. A key without a colon is
 * `other` as well, because the whole key may be an id.
 */
function nameAt(key: string, start: number): string {
  const end = Math.min(key.length, start + LONGEST_NAME + 1);
  for (let i = start; i < end; i += 1) {
    const code = key.charCodeAt(i);
    if (code === COLON) return i === start ? OTHER : key.slice(start, i);
    if (!isLetter(code) && (i === start || (code !== HYPHEN && code !== UNDERSCORE))) return OTHER;
  }
  return OTHER;
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}
