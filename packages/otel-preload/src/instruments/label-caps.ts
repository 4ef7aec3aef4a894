// No label is unbounded: each label name has a budget of values, and what comes after is counted under `other`.

import type { LabelCaps } from '../config';
import { sayOnce } from '../log';

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
const CLOSED: Readonly<Record<string, number>> = { method: 10, status: 1000, query_type: 64, metric: 10_000 };

export class LabelValues {
  readonly #seen = new Map<string, Set<string>>();
  #folded = 0;

  constructor(private readonly caps: LabelCaps) {}

  /**
   * The value itself while its label has room, else `other`. The same value always gets the same answer.
   *
   * @param scope the app's own metric that the label belongs to, so that it cannot use up the budget of the documented ones
   */
  admit(label: string, value: string, scope = ''): string {
    const budget = scope === '' ? label : `${scope}{${label}}`;
    let seen = this.#seen.get(budget);
    if (seen === undefined) this.#seen.set(budget, (seen = new Set()));
    if (seen.has(value) || value === OTHER) return value;
    if (seen.size < (scope === '' ? this.capOf(label) : this.caps.rest)) {
      seen.add(value);
      return value;
    }
    this.#folded += 1;
    const variable = VARIABLE[scope === '' && label in this.caps ? (label as keyof LabelCaps) : 'rest'];
    sayOnce(`cap ${budget}`, `more than ${seen.size} values of the label "${budget}": further ones count as "other"; raise ${variable} to tell them apart`);
    return OTHER;
  }

  /** The most values of a label, `other` not counted. */
  capOf(label: string): number {
    return CLOSED[label] ?? this.caps[label in this.caps ? (label as keyof LabelCaps) : 'rest'];
  }

  /** How many records had a label folded into `other`. */
  get folded(): number {
    return this.#folded;
  }
}
