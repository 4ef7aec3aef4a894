// What could not be taken, by reason, and how many collections failed: the preload's account of its own losses.

import type { LabelValues } from '../labels/label-caps';

/** Reasons that exist in every process, so that an alert's rate has a first value to grow from. */
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

  /** By reason; what was folded into `other` is counted where it is folded. */
  counts(): ReadonlyMap<string, number> {
    return new Map(this.#counts).set('label_cap', this.labelValues.folded);
  }
}
