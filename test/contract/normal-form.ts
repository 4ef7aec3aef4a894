// An exposition without what differs from run to run: what is left is the contract.

/** Their label values are of this machine, system and Node.js. */
const BY_LABEL_NAMES = /^(process|nodejs)_/;
/** There only while the loop has a request to the system under way. */
const FLEETING = /nodejs_active_requests/;
/** What took how long, how much memory, how deep a queue was at that moment, how much is pushed by then. */
const VARIES = /_sum$|_bytes$|^slow_queries_total$|^job_queue_depth$|^otel_preload_pushed_points_total$/;

/** Names, help, types, labels, buckets, and the values that the scripted traffic determines; `_` stands for any other. */
export function normalForm(exposition: string): string {
  const lines = exposition
    .split('\n')
    .filter((line) => !FLEETING.test(line))
    .map(normalLine);
  return lines.filter((line, index) => line !== lines[index - 1]).join('\n');
}

function normalLine(line: string): string {
  const match = /^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (match === null) return line;
  const [, name = '', labels = '', value = ''] = match;
  if (BY_LABEL_NAMES.test(name)) return `${name}{${labels.replaceAll(/="[^"]*"/g, '')}} _`;
  const shown = labels.replace(/pool="[^"]*"/, 'pool="HOST:PORT/DATABASE"').replace(/version="[^"]*"/, 'version="VERSION"');
  return `${name}${shown === '' ? '' : `{${shown}}`} ${isFixed(name, labels) ? value : '_'}`;
}

function isFixed(name: string, labels: string): boolean {
  if (VARIES.test(name)) return false;
  if (labels.startsWith('metric=')) return !/metric="(process|nodejs|otel_preload_series)/.test(labels);
  return !name.endsWith('_bucket') || labels.endsWith('le="+Inf"');
}
