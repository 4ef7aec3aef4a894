// The result of an expression.

import type { Labels } from './labels';

/** Names are not kept: no panel needs the name of a result. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export type Value = number | Sample[];
