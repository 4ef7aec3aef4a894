// Expressions → PromQL text. Pure; parentheses only where the grammar needs them.

import type { BinaryOperator, Matcher, Node } from './node';

/** Binding strength, as in https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operator-precedence */
const STRENGTH: Record<BinaryOperator, number> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '>=': 3,
  '<': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
};

/** A longer expression breaks into lines: at set operators early, within a sum or a comparison only when necessary. */
const WIDTH = 100;
const FORMULA_WIDTH = 160;

/** The expression on a single line, for queries of panels. */
export function print(node: Node): string {
  switch (node.op) {
    case 'number':
      return String(node.value);
    case 'series':
      return series(node);
    case 'call':
      return `${node.name}(${node.args.map(print).join(', ')})`;
    case 'aggregate':
      return `${head(node)}(${parameter(node)}${print(node.of)})`;
    case 'binary': {
      const [left, right] = sides(node);
      return `${left.wrapped ? `(${print(left.node)})` : print(left.node)} ${operator(node)} ${right.wrapped ? `(${print(right.node)})` : print(right.node)}`;
    }
  }
}

/** The expression on as many lines as reading takes, for rules. */
export function printLines(node: Node): string {
  return lines(node).join('\n');
}

function lines(node: Node): string[] {
  const line = print(node);
  const isFormula = node.op === 'binary' && STRENGTH[node.operator] > STRENGTH.and;
  if (line.length <= (isFormula ? FORMULA_WIDTH : WIDTH)) return [line];
  if (node.op === 'call') return [`${node.name}(`, ...indented(node.args.flatMap(lastWithComma)), ')'];
  if (node.op === 'aggregate') return [`${head(node)}(`, ...indented(lines(node.of)), ')'];
  if (node.op === 'binary') {
    const [left, right] = sides(node).map(({ node: side, wrapped }) => (wrapped ? ['(', ...indented(lines(side)), ')'] : lines(side)));
    return [...left!, `${operator(node)} ${right![0]}`, ...right!.slice(1)];
  }
  return [line];
}

function lastWithComma(argument: Node, index: number, all: readonly Node[]): string[] {
  const inner = lines(argument);
  return index === all.length - 1 ? inner : [...inner.slice(0, -1), `${inner.at(-1)},`];
}

const indented = (inner: string[]): string[] => inner.map((line) => `  ${line}`);

function series({ name, matchers, range, offset }: Extract<Node, { op: 'series' }>): string {
  const labels = matchers.length > 0 ? `{${matchers.map(matcher).join(',')}}` : '';
  return `${name}${labels}${range === undefined ? '' : `[${range}]`}${offset === undefined ? '' : ` offset ${offset}`}`;
}

function matcher({ label, operator: how, value }: Matcher): string {
  return `${label}${how}"${value.replace(/[\\"]/g, '\\$&')}"`;
}

const head = ({ name, by }: Extract<Node, { op: 'aggregate' }>): string => (by.length > 0 ? `${name} by (${by.join(', ')}) ` : name);

const parameter = ({ parameter: k }: Extract<Node, { op: 'aggregate' }>): string => (k === undefined ? '' : `${k}, `);

/** Both sides, and whether each needs parentheses: all these operators bind to the left. */
function sides({ operator: name, left, right }: Extract<Node, { op: 'binary' }>) {
  const weaker = (node: Node, than: number) => node.op === 'binary' && STRENGTH[node.operator] < than;
  return [
    { node: left, wrapped: weaker(left, STRENGTH[name]) },
    { node: right, wrapped: weaker(right, STRENGTH[name] + 1) },
  ] as const;
}

function operator({ operator: name, on, groupLeft }: Extract<Node, { op: 'binary' }>): string {
  const matching = on === undefined ? name : `${name} on (${on.join(', ')})`;
  return groupLeft === undefined ? matching : `${matching} group_left (${groupLeft.join(', ')})`;
}
