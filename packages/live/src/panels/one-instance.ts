// There is a single instance here: grouping or naming by instance says nothing.

import type { Node } from '@earntrack/monitoring';

const TARGET = ['job', 'instance'];

export function withoutInstance(node: Node): Node {
  return JSON.parse(JSON.stringify(node), (key, value: unknown) =>
    key === 'by' ? (value as string[]).filter((label) => !TARGET.includes(label)) : value,
  ) as Node;
}

/** Of a title or a legend: `Requests by instance` → `Requests`, `{{instance}} used` → `used`. */
export function withoutInstanceText(text: string): string {
  return text
    .replace(/ by instance$/, '')
    .replace(/{{(job|instance)}} ?/g, '')
    .trim();
}
