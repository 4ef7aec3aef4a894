// No label is unbounded: each label has a budget of values; once the budget is used up, further values count under `other`.

import type { LabelCaps } from '../config';
import { sayOnce } from '../log';
import { compact } from './compact';
import { LONGEST } from './label-values';

export const OTHER = 'other';

/** The environment variable to raise each cap, for the log line. */
const VARIABLE: Readonly<Record<keyof LabelCaps, string>> = {
  endpoint: 'METRICS_MAX_ENDPOINTS',
  table: 'METRICS_MAX_TABLES',
  job_type: 'METRICS_MAX_JOB_TYPES',
  cache_type: 'METRICS_MAX_CACHE_TYPES',
  error_type: 'METRICS_MAX_ERROR_TYPES',
  rest: 'METRICS_MAX_LABEL_VALUES',
};

/** Labels whose values are a fixed, small set by construction: their budget is the set itself. */
const CLOSED: Readonly<Record<string, number>> = { method: 11, status: 1000, query_type: 64, metric: 10_000, reason: 64 };

/** The most labels of an app's own metric: Mimir takes 30 by default, and the scraper adds some. */
export const MOST_LABELS = 24;

/** The labels of the documented metrics: a budget for each label name, shared by all metrics with the label. */
export class LabelValues {
  readonly #seen = new Map<string, Set<string>>();
  #folded = 0;

  constructor(private readonly caps: LabelCaps) {}

  /** The value itself while the label has room, else `other`. The same value always gets the same answer. */
  admit(label: string, value: string): string {
    let seen = this.#seen.get(label);
    if (seen === undefined) this.#seen.set(label, (seen = new Set()));
    if (seen.has(value) || value === OTHER) return value;
    if (value.length > LONGEST) return this.#foldLong(label);
    const cap = this.#capName(label);
    if (seen.size >= (CLOSED[label] ?? this.caps[cap])) return this.#fold(label, seen.size, cap);
    const kept = compact(value);
    seen.add(kept);
    return kept;
  }

  /** `admit` for a label of an app's own metric: the label has a budget of its own, so the app cannot use up a documented metric's budget. */
  admitOwn(label: string, value: string, known: ReadonlyMap<string, unknown>): string {
    if (value.length > LONGEST) return this.#foldLong(label);
    const taken = known.size - (known.has(OTHER) ? 1 : 0);
    return value === OTHER || taken < this.caps.rest ? value : this.#fold(label, taken, 'rest');
  }

  /** Counts a record of a metric of the app's own for whose series there is no room. */
  foldSeries(metric: string, most: number): false {
    this.#folded += 1;
    sayOnce(
      `series ${metric}`,
      `the metric "${metric}" has more series than there is room for (${most} of one metric, ${10 * most} of all that are the app's own): further ones count as "other"; raise METRICS_MAX_SERIES to tell them apart`,
    );
    return false;
  }

  /** Counts a label left out of a record of an app's own metric: the label's name is too long, or the record has too many labels. */
  foldName(metric: string): void {
    this.#folded += 1;
    sayOnce(`names ${metric}`, `the metric "${metric}" is given more than ${MOST_LABELS} labels, or long names of them: further ones are left out`);
  }

  /** The number of values and series folded into `other`, and of labels left out. */
  get folded(): number {
    return this.#folded;
  }

  /** Counts a value without room, and logs a line the first time for each label. */
  #fold(label: string, room: number, cap: keyof LabelCaps): typeof OTHER {
    this.#folded += 1;
    sayOnce(
      `cap ${label}`,
      `more than ${room} values of the label "${label}": further ones count as "other"; raise ${VARIABLE[cap]} to tell them apart`,
    );
    return OTHER;
  }

  #foldLong(label: string): typeof OTHER {
    this.#folded += 1;
    sayOnce(
      `long ${label}`,
      `a value of the label "${label}" has more than ${LONGEST} characters: such count as "other"; give it short, fixed names`,
    );
    return OTHER;
  }

  #capName(label: string): keyof LabelCaps {
    return Object.hasOwn(VARIABLE, label) ? (label as keyof LabelCaps) : 'rest';
  }
}
