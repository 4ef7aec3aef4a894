// Typed building of expressions: an unknown metric or label is a compile error. Printing and meaning are elsewhere.

import type { AggregateFunction, BinaryOperator, Matcher, Node } from './node';
import { labelsOf, type LabelsOf, type SeriesName } from './series';

/** An expression whose series have the labels L. */
export interface Vector<L extends string = string> {
  readonly node: Node;
  readonly labels: readonly L[];
}

/** A plain series selection, the only expression with a range or an offset. */
export interface Selector<L extends string = string> extends Vector<L> {
  readonly node: Extract<Node, { op: 'series' }>;
}

/** A string is equality, a RegExp matches the whole value, `not()` inverts either, `variable()` is a variable of Grafana's. */
export type Match = string | RegExp | { readonly not: string | RegExp } | { readonly variable: string };

export const not = (match: string | RegExp): Match => ({ not: match });
export const variable = (name: string): Match => ({ variable: name });

/** Selects series: `metric('http_requests_total', { status: /5../ })`. */
export function metric<N extends SeriesName>(name: N, matches: { readonly [L in LabelsOf<N>]?: Match } = {}): Selector<LabelsOf<N>> {
  const labels = labelsOf(name) as readonly LabelsOf<N>[];
  const matchers = Object.entries<Match | undefined>(matches).flatMap(([label, match]) => (match === undefined ? [] : [matcher(label, match)]));
  return { node: { op: 'series', name, matchers }, labels };
}

/** The same selection with further matchers. */
export function narrowed<L extends string>(selector: Selector<L>, matches: { readonly [K in L]?: Match }): Selector<L> {
  const more = Object.entries<Match | undefined>(matches).flatMap(([label, match]) => (match === undefined ? [] : [matcher(label, match)]));
  return { ...selector, node: { ...selector.node, matchers: [...selector.node.matchers, ...more] } };
}

function matcher(label: string, match: Match): Matcher {
  if (typeof match === 'string') return { label, operator: '=', value: match };
  if (match instanceof RegExp) return { label, operator: '=~', value: pattern(match) };
  if ('variable' in match) return { label, operator: '=~', value: `$${match.variable}` };
  const excluded = match.not;
  return typeof excluded === 'string' ? { label, operator: '!=', value: excluded } : { label, operator: '!~', value: pattern(excluded) };
}

/** Everything but these values; undefined, hence no matcher, without values. */
export function except(values: readonly string[]): Match | undefined {
  const escaped = values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return values.length === 0 ? undefined : not(new RegExp(escaped.join('|')));
}

// JavaScript escapes the slash; Go's regular expressions do not.
const pattern = (expression: RegExp): string => expression.source.replace(/\\\//g, '/');

/** The selection `ago` back in time. */
export const offset = <L extends string>(of: Selector<L>, ago: string): Selector<L> => ({ ...of, node: { ...of.node, offset: ago } });

type RangeFunction = 'rate' | 'increase' | 'changes' | 'avg_over_time' | 'sum_over_time' | 'max_over_time' | 'absent_over_time';

function overRange(name: RangeFunction) {
  return <L extends string>(of: Selector<L>, range: string): Vector<L> => ({
    node: { op: 'call', name, args: [{ ...of.node, range }] },
    labels: of.labels,
  });
}

export const rate = overRange('rate');
export const increase = overRange('increase');
export const changes = overRange('changes');
export const avgOverTime = overRange('avg_over_time');
export const sumOverTime = overRange('sum_over_time');
export const maxOverTime = overRange('max_over_time');
export const absentOverTime = overRange('absent_over_time');

/** The q-quantile of buckets; `of` must keep `le`. */
export function quantile<L extends string>(q: number, of: Vector<L | 'le'>): Vector<Exclude<L, 'le'>> {
  const labels = of.labels.filter((label): label is Exclude<L, 'le'> => label !== 'le');
  return { node: { op: 'call', name: 'histogram_quantile', args: [number(q).node, of.node] }, labels };
}

export const number = (value: number): Vector<never> => ({ node: { op: 'number', value }, labels: [] });
export const time = (): Vector<never> => ({ node: { op: 'call', name: 'time', args: [] }, labels: [] });
/** A single sample without labels. */
export const vector = (value: number): Vector<never> => ({ node: { op: 'call', name: 'vector', args: [number(value).node] }, labels: [] });

function aggregation(name: AggregateFunction) {
  return <L extends string, B extends L>(of: Vector<L>, ...by: B[]): Vector<B> => ({ node: { op: 'aggregate', name, by, of: of.node }, labels: by });
}

export const sum = aggregation('sum');
export const max = aggregation('max');
export const count = aggregation('count');

/** The k largest series, with all their labels. */
export const topk = <L extends string>(parameter: number, of: Vector<L>): Vector<L> => ({
  node: { op: 'aggregate', name: 'topk', by: [], of: of.node, parameter },
  labels: of.labels,
});

/** How two sides are matched. Undefined: on all labels. */
export interface Matching<L extends string, R extends string, G extends R = never> {
  readonly on?: readonly (L & R)[];
  readonly groupLeft?: readonly G[];
}

function operation(operator: BinaryOperator) {
  return <L extends string, R extends string = never, G extends R = never>(
    left: Vector<L>,
    right: Vector<R> | number,
    { on, groupLeft }: Matching<L, R, G> = {},
  ): Vector<L | G> => {
    const other = typeof right === 'number' ? number(right) : right;
    const node: Node = { op: 'binary', operator, left: left.node, right: other.node, ...(on && { on }), ...(groupLeft && { groupLeft }) };
    return { node, labels: [...new Set<L | G>([...left.labels, ...(groupLeft ?? [])])] };
  };
}

export const add = operation('+');
export const subtract = operation('-');
export const multiply = operation('*');
export const divide = operation('/');
export const above = operation('>');
export const atLeast = operation('>=');
export const below = operation('<');
export const atMost = operation('<=');
export const equal = operation('==');
export const and = operation('and');
export const unless = operation('unless');

/** The left side, and from the right side the series that the left side lacks; either side's labels may be there. */
export function or<L extends string, R extends string>(left: Vector<L>, right: Vector<R>): Vector<L | R> {
  return {
    node: { op: 'binary', operator: 'or', left: left.node, right: right.node },
    labels: [...new Set<L | R>([...left.labels, ...right.labels])],
  };
}

/** A number, or the time, less each value of `of`. */
export const minus = <L extends string>(left: Vector<never>, of: Vector<L>): Vector<L> => ({
  node: { op: 'binary', operator: '-', left: left.node, right: of.node },
  labels: of.labels,
});
