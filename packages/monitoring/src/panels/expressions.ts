// Expressions that several boards share. Typed expressions only.

import { above, atLeast, divide, multiply, or, quantile, type Vector } from '../promql/build';

/** A quantile, without the NaN of series without traffic. */
export const steady = <L extends string>(q: number, of: Vector<L | 'le'>): Vector<Exclude<L, 'le'>> => atLeast(quantile<L>(q, of), 0);

/** A share of `all`: 0 where there was no such part, absent where there was nothing to share. */
export const share = <L extends string>(part: Vector<L>, all: Vector<L>): Vector<L> => divide(orZero(part, all), above(all, 0));

/** The part, or 0 wherever only `all` is there. */
export const orZero = <L extends string>(part: Vector<L>, all: Vector<L>): Vector<L> => or(part, multiply(all, 0));
