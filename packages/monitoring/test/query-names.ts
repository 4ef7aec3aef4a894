// What a PromQL text names, found by the parser of Prometheus's own editor and not by the code that wrote it.

export interface Selection {
  readonly series: string;
  readonly labels: readonly string[];
}

export interface Names {
  readonly selections: readonly Selection[];
  /** The labels of `by`, `on` and `group_left`. */
  readonly grouping: readonly string[];
}

/** @throws if the text is no PromQL */
export async function queryNames(query: string): Promise<Names> {
  const { parser } = await import('@prometheus-io/lezer-promql');
  const text = withoutVariables(query);
  const [selections, grouping] = [[] as { series: string; labels: string[] }[], [] as string[]];
  let inMatchers = false;
  parser.parse(text).iterate({
    enter: ({ name, type, from, to, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${query}`);
      if (name === 'LabelMatchers') inMatchers = true;
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') selections.push({ series: text.slice(from, to), labels: [] });
      if (name === 'LabelName') (inMatchers ? selections.at(-1)!.labels : grouping).push(text.slice(from, to));
    },
    leave: ({ name }) => {
      if (name === 'LabelMatchers') inMatchers = false;
    },
  });
  return { selections, grouping };
}

/** Grafana puts durations in their place; within strings its variables are no syntax. */
const withoutVariables = (query: string): string => query.replace(/\$__(rate_interval|range)/g, '5m');
