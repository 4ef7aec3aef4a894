// No label is unbounded: each label has a budget of values, and what comes after is counted under `other`.

import type { LabelCaps } from '../config';
import { sayOnce } from '../log';
import { compact } from './compact';

export const OTHER = 'other';

/** Environment variables that raise a cap, named in the log line. */
const VARIABLE: Readonly<Record<keyof LabelCaps, string>> = {
  endpoint: 'METRICS_MAX_ENDPOINTS',
  table: 'METRICS_MAX_TABLES',
  job_type: 'METRICS_MAX_JOB_TYPES',
  cache_type: 'METRICS_MAX_CACHE_TYPES',
  error_type: 'METRICS_MAX_ERROR_TYPES',
  rest: 'METRICS_MAX_LABEL_VALUES',
};

/** Labels whose values are a fixed, small set by construction: their budget is the set itself. */
const CLOSED: Readonly<Record<string, number>> = { method: 11, status: 1000, query_type: 64, metric: 10_000 };

/** The labels of the documented metrics: one budget for each name, which all metrics with that label share. */
export class LabelValues {
  readonly #seen = new Map<string, Set<string>>();
  #folded = 0;

  constructor(readonly caps: LabelCaps) {}

  /** The value itself while its label has room, else `other`. The same value always gets the same answer. */
  admit(label: string, value: string): string {
    let seen = this.#seen.get(label);
    if (seen === undefined) this.#seen.set(label, (seen = new Set()));
    if (seen.has(value) || value === OTHER) return value;
    const cap = this.#capName(label);
    if (seen.size >= (CLOSED[label] ?? this.caps[cap])) return this.fold(label, seen.size, cap);
    const kept = compact(value);
    seen.add(kept);
    return kept;
  }

  /** Counts a value that found no room, and says so once for each label. */
  fold(label: string, room: number, cap: keyof LabelCaps): typeof OTHER {
    this.#folded += 1;
    sayOnce(
      `cap ${label}`,
      `more than ${room} values of the label "${label}": further ones count as "other"; raise ${VARIABLE[cap]} to tell them apart`,
    );
    return OTHER;
  }

  /** How many label values were folded into `other`. */
  get folded(): number {
    return this.#folded;
  }

  #capName(label: string): keyof LabelCaps {
    return Object.hasOwn(VARIABLE, label) ? (label as keyof LabelCaps) : 'rest';
  }
}

/** The labels of one metric of the app's own, which have budgets of their own: it cannot use up those of the documented metrics. */
export class OwnLabelValues {
  #seen: readonly Set<string>[] | undefined;

  constructor(
    private readonly metric: string,
    private readonly names: readonly string[],
    private readonly all: LabelValues,
  ) {}

  /**
   * Each value itself while its label has room, else `other`.
   *
   * @param size how many series there are
   * @param valuesOf all values of a label that were admitted
   */
  admit(values: readonly string[], size: number, valuesOf: (label: number) => Iterable<string>): readonly string[] {
    const room = this.all.caps.rest;
    // No label has more values than there are series: until then there is nothing to remember.
    if (this.#seen === undefined && size < room) return values;
    const seen = (this.#seen ??= this.names.map((_, label) => new Set(valuesOf(label))));
    return values.map((value, label) => this.#admitOne(value, this.names[label] as string, seen[label] as Set<string>, room));
  }

  #admitOne(value: string, name: string, seen: Set<string>, room: number): string {
    if (seen.has(value) || value === OTHER) return value;
    if (seen.size >= room) return this.all.fold(`${this.metric}{${name}}`, room, 'rest');
    const kept = compact(value);
    seen.add(kept);
    return kept;
  }
}
