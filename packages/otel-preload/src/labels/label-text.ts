// How labels are written in Prometheus's text formats.

const ESCAPED = /[\\\n"]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };

/** `name="value"`; https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function labelPair(name: string, value: string): string {
  return `${name}="${ESCAPED.test(value) ? value.replace(/[\\\n"]/g, (character) => ESCAPES[character] as string) : value}"`;
}
