// A PromQL expression as plain data: printed for Prometheus, walked by tests, evaluated by the live page.
// The tree knows the grammar and no metric.

/** How a label is matched: PromQL's four operators. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

export type AggregateFunction = 'sum' | 'max' | 'min' | 'avg' | 'count' | 'topk' | 'group';

export type SetOperator = 'or' | 'and' | 'unless';

export type BinaryOperator = SetOperator | '+' | '-' | '*' | '/' | '>' | '>=' | '<' | '<=' | '==' | '!=';

/** A node of the tree. Durations are PromQL's (`5m`), or a variable of Grafana's (`$__rate_interval`). */
export type Node =
  | {
      readonly op: 'series';
      readonly name: string;
      readonly matchers: readonly Matcher[];
      /** Set: a range vector of this length. */
      readonly range?: string;
      readonly offset?: string;
    }
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'call'; readonly name: string; readonly args: readonly Node[] }
  | {
      readonly op: 'aggregate';
      readonly name: AggregateFunction;
      readonly by: readonly string[];
      readonly of: Node;
      /** The k of topk. */
      readonly parameter?: number;
    }
  | {
      readonly op: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Node;
      readonly right: Node;
      /** `on (…)`; undefined: all labels must match. */
      readonly on?: readonly string[];
      /** `group_left (…)`: labels taken over from the right. */
      readonly groupLeft?: readonly string[];
    };

/** Calls `visit` on the node and on everything below. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  if (node.op === 'call') node.args.forEach((argument) => walk(argument, visit));
  if (node.op === 'aggregate') walk(node.of, visit);
  if (node.op === 'binary') [node.left, node.right].forEach((side) => walk(side, visit));
}
