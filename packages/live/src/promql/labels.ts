// Label sets, and the keys to compare them by.

export type Labels = Readonly<Record<string, string>>;

export const NONE: Labels = {};

/** The same text for the same labels, in any order; of `names` only, where given. An absent label is an empty label. */
export function keyOf(labels: Labels, names: readonly string[] = Object.keys(labels).sort()): string {
  let key = '';
  for (const name of names) if (labels[name]) key += `${name}\u0001${labels[name]}\u0002`;
  return key;
}

export function without(labels: Labels, name: string): Labels {
  const { [name]: _, ...rest } = labels;
  return rest;
}

export function only(labels: Labels, names: readonly string[]): Labels {
  const kept: Record<string, string> = {};
  for (const name of names) if (labels[name]) kept[name] = labels[name];
  return kept;
}
