// Recording rules are Prometheus's memory, and a page has none: if a panel asks for the present value of a record, the page computes the
// record's expression instead.

import { recordingRules, type MonitoringConfig, type Node } from '@earntrack/monitoring';

export function recordsReplaced(node: Node, config: MonitoringConfig): Node {
  const rules = recordingRules(config) as Readonly<Record<string, { readonly node: Node }>>;
  const replaced = (inner: Node): Node => {
    switch (inner.op) {
      case 'series': {
        const rule = inner.range === undefined && inner.offset === undefined ? rules[inner.name] : undefined;
        return rule ? replaced(rule.node) : inner;
      }
      case 'call':
        return { ...inner, args: inner.args.map(replaced) };
      case 'aggregate':
        return { ...inner, of: replaced(inner.of) };
      case 'binary':
        return { ...inner, left: replaced(inner.left), right: replaced(inner.right) };
      case 'number':
        return inner;
    }
  };
  return replaced(node);
}
