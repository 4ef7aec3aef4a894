// Binary operators between vectors and numbers: https://prometheus.io/docs/prometheus/latest/querying/operators/

import type { Node } from '@earntrack/monitoring';
import { keyOf } from './labels';
import type { Sample, Value } from './value';

type Operator = Extract<Node, { op: 'binary' }>['operator'];

const ARITHMETIC: Partial<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const COMPARISON: Partial<Record<Operator, (left: number, right: number) => boolean>> = {
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/** @param on the labels to match; undefined: all */
export function binary(operator: Operator, left: Value, right: Value, on?: readonly string[]): Value {
  const keyed = ({ labels }: Sample): string => keyOf(labels, on);
  if (typeof left !== 'number' && typeof right !== 'number') {
    if (operator === 'or') return [...left, ...outside(right, left, keyed)];
    if (operator === 'unless') return outside(left, right, keyed);
    if (operator === 'and') return inside(left, right, keyed);
    return paired(operator, left, right, keyed);
  }
  const compute = of(operator);
  if (typeof left === 'number' && typeof right === 'number') return compute(left, right) ?? NaN;
  if (typeof right === 'number') return valued(left as Sample[], ({ value }) => compute(value, right));
  return valued(right, ({ value }) => kept(operator, compute(left as number, value), value));
}

/** An operator on two numbers; undefined: the comparison does not hold. */
function of(operator: Operator): (left: number, right: number) => number | undefined {
  const [compute, holds] = [ARITHMETIC[operator], COMPARISON[operator]];
  if (compute) return compute;
  if (holds) return (left, right) => (holds(left, right) ? left : undefined);
  throw new Error(`the page does not know the operator ${operator}`);
}

/** `number > vector` keeps the vector's value. */
const kept = (operator: Operator, result: number | undefined, value: number): number | undefined =>
  result === undefined || !COMPARISON[operator] ? result : value;

function valued(samples: readonly Sample[], compute: (sample: Sample) => number | undefined): Sample[] {
  return samples.flatMap((sample) => {
    const value = compute(sample);
    return value === undefined ? [] : [{ labels: sample.labels, value }];
  });
}

type Keyed = (sample: Sample) => string;

/** Each sample with its single partner: the panels match in no further way. */
function paired(operator: Operator, left: readonly Sample[], right: readonly Sample[], keyed: Keyed): Sample[] {
  const compute = of(operator);
  const others = new Map(right.map((sample) => [keyed(sample), sample.value]));
  return valued(left, (sample) => {
    const other = others.get(keyed(sample));
    return other === undefined ? undefined : compute(sample.value, other);
  });
}

function inside(samples: readonly Sample[], others: readonly Sample[], keyed: Keyed): Sample[] {
  const keys = new Set(others.map(keyed));
  return samples.filter((sample) => keys.has(keyed(sample)));
}

function outside(samples: readonly Sample[], others: readonly Sample[], keyed: Keyed): Sample[] {
  const keys = new Set(others.map(keyed));
  return samples.filter((sample) => !keys.has(keyed(sample)));
}
