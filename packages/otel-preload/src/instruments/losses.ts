// The preload's account of its own losses: dropped values by reason, and the number of failed collections.

import type { LabelValues } from '../labels/label-caps';

/** Reasons present in every process, so that an alert's rate has a first value to grow from. */
const KNOWN = ['label_cap', 'invalid_value', 'mapping_failed', 'undeclared_metric', 'wrong_use'] as const;

export class Losses {
  readonly #counts = new Map<string, number>(KNOWN.map((known) => [known, 0]));
  #collectErrors = 0;

  constructor(private readonly labelValues: LabelValues) {}

  count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  collectFailed(): void {
    this.#collectErrors += 1;
  }

  get collectErrors(): number {
    return this.#collectErrors;
  }

  /** By reason. `LabelValues` counts the values folded into `other`. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts).set('label_cap', this.labelValues.folded);
  }
}
