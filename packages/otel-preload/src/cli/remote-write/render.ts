// From a prometheus.yml to the same file with a remote write to the receiver. Pure; the password stays outside, in a file that the result names.

import path from 'node:path';
import { isMap, isScalar, isSeq, parseDocument, Scalar, visit, type Document } from 'yaml';
import type { RemoteWrite } from '.';

/** The password's file, beside the rendered configuration: Prometheus looks for relative names there. */
export const PASSWORD_FILE = 'remote-write-password';

/** Lists of file names; a single name stands under a key that ends in `_file`. */
const LISTS: ReadonlySet<string> = new Set(['rule_files', 'scrape_config_files', 'files']);

/**
 * @param base the text of a prometheus.yml
 * @param folder of `base`; its relative file names become absolute, since the result lies elsewhere
 * @throws if `base` is no YAML mapping, or writes to the same receiver already
 */
export function render(base: string, folder: string, to: RemoteWrite): string {
  const document = parseDocument(base);
  const [mistake] = document.errors;
  if (mistake) throw new Error(mistake.message.split('\n')[0]);
  if (document.contents !== null && !isMap(document.contents)) throw new Error('it is not a mapping of settings');
  if (urlsOf(document).includes(to.url)) throw new Error('it writes to PROMETHEUS_REMOTE_WRITE_URL already: take its own remote_write entry out');
  makeAbsolute(document, folder);
  const entries = isSeq(document.get('remote_write')) ? document.get('remote_write') : undefined;
  if (entries) document.addIn(['remote_write'], document.createNode(entryFor(to)));
  else document.set('remote_write', document.createNode([entryFor(to)]));
  return document.toString({ lineWidth: 0 });
}

function urlsOf(document: Document): unknown[] {
  const entries = (document.toJS() as { remote_write?: { url?: unknown }[] } | null)?.remote_write;
  return Array.isArray(entries) ? entries.map((entry) => entry?.url) : [];
}

function entryFor({ url, username }: RemoteWrite): object {
  return {
    url: quoted(url),
    ...(username !== undefined && { basic_auth: { username: quoted(username), password_file: PASSWORD_FILE } }),
    // By default Prometheus drops samples refused with 429, Grafana Cloud's answer above its limits.
    queue_config: { retry_on_http_429: true },
  };
}

/** Prometheus reads YAML 1.1, in which `yes` and 0123 are no texts. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

function makeAbsolute(document: Document, folder: string): void {
  const absolute = (node: unknown): void => {
    if (isScalar(node) && typeof node.value === 'string' && node.value !== '') node.value = path.resolve(folder, node.value);
  };
  visit(document, {
    Pair(_, { key, value }) {
      const name = isScalar(key) ? String(key.value) : '';
      if (name.endsWith('_file')) absolute(value);
      if (LISTS.has(name) && isSeq(value)) value.items.forEach(absolute);
    },
  });
}
