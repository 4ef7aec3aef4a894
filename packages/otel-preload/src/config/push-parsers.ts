// From the texts of OpenTelemetry's exporter variables to checked values;
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/

import fs from 'node:fs';
import { attributes, type Parser } from './parsers';

export const endpoint: Parser<URL> = {
  accepts: 'an http or https address such as http://collector:4318, with user and password percent-encoded',
  parse(text) {
    if (!/^https?:\/\/[^\s/]/i.test(text)) return undefined;
    try {
      const url = new URL(text);
      decodeURIComponent(url.username + url.password);
      return url;
    } catch {
      return undefined;
    }
  },
};

/** Names in lower case: HTTP does not tell the cases apart, and a later header must win over an earlier header. */
export const headers: Parser<Readonly<Record<string, string>>> = {
  accepts: 'a comma list of name=value, percent-encoded',
  parse(text) {
    const pairs = Object.entries(attributes.parse(text) ?? { '': '' });
    // The allowed characters: https://www.rfc-editor.org/rfc/rfc9110#name-fields
    const valid = pairs.every(([name, value]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t -~\u0080-\u00ff]*$/.test(value));
    return valid ? Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])) : undefined;
  },
};

export const protocol: Parser<'http/protobuf' | 'http/json'> = {
  accepts: "http/protobuf or http/json (gRPC is not spoken; a collector's port for HTTP is 4318)",
  parse: (text) => (text === 'http/protobuf' || text === 'http/json' ? text : undefined),
};

export const compression: Parser<'gzip' | 'none'> = {
  accepts: 'gzip or none',
  parse: (text) => (text === 'gzip' || text === 'none' ? text : undefined),
};

/** The specification's list; an exporter neither served nor pushed by the preload is refused. */
export const exporters: Parser<ReadonlySet<string>> = {
  accepts: 'otlp, prometheus, both with a comma, or none',
  parse(text) {
    const given = text.split(',').map((name) => name.trim());
    return given.every((name) => name === 'otlp' || name === 'prometheus') || text === 'none' ? new Set(given) : undefined;
  },
};

export const temporality: Parser<'cumulative' | 'delta'> = {
  accepts: 'cumulative or delta',
  parse(text) {
    const preference = text.toLowerCase();
    return preference === 'cumulative' || preference === 'delta' ? preference : undefined;
  },
};

/** The name of a file, read anew for each push, since certificates are renewed. */
export const pemFile: Parser<string> = {
  accepts: 'a readable file in PEM form',
  parse(text) {
    try {
      return fs.readFileSync(text, 'utf8').includes('-----BEGIN ') ? text : undefined;
    } catch {
      return undefined;
    }
  },
};
