// How label names and values are written in Prometheus's text formats.

const ESCAPED = /[\\\n"]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' };

/** A label value between its quotes; https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function escapeValue(value: string): string {
  return ESCAPED.test(value) ? value.replace(/[\\\n"]/g, (character) => ESCAPES[character] as string) : value;
}

/** `name="value"` */
export function labelPair(name: string, value: string): string {
  return `${name}="${escapeValue(value)}"`;
}
