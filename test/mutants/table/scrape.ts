import type { Mutant } from '../mutant';

export const scrape: readonly Mutant[] = [
  {
    name: 'scrape-collects-each',
    breaks: 'Scrapes that overlap collect each for itself.',
    file: 'packages/otel-preload/src/instruments/collections.ts',
    find: 'return () => (running ??= collect().finally(() => (running = undefined)));',
    replace: 'return () => ((running = undefined), (running ??= collect().finally(() => (running = undefined))));',
    fails: [['packages/otel-preload/test/exposition.test.ts', 'collects once for scrapes that overlap, and again for the next one']],
  },
  {
    name: 'scrape-failed-is-200',
    breaks: 'A collection that failed is answered with 200.',
    file: 'packages/otel-preload/src/endpoint/send-scrape.ts',
    find: `else sendLine(response, 503, \`The metrics could not be collected: \${reason(thrown)}\`);`,
    replace: `else sendLine(response, 200, \`The metrics could not be collected: \${reason(thrown)}\`);`,
    fails: [['packages/otel-preload/test/endpoint.test.ts', 'that cannot be collected is a 503 of one line']],
  },
  {
    name: 'scrape-half-is-whole',
    breaks: 'A scrape that fails half way ends like a whole one.',
    file: 'packages/otel-preload/src/endpoint/send-scrape.ts',
    find: 'if (response.headersSent) cut(response);',
    replace: `if (response.headersSent && !response.writable) cut(response);
  else if (response.headersSent) response.end();`,
    fails: [['packages/otel-preload/test/endpoint.test.ts', 'that fails half way is cut, so that nobody takes it for the whole (plain)']],
  },
  {
    name: 'scrape-half-read-shown',
    breaks: 'Of a metric whose reading throws, what was read before is shown.',
    file: 'packages/otel-preload/src/instruments/observed.ts',
    find: 'return new Map();',
    replace: 'return values;',
    fails: [['packages/otel-preload/test/instruments-observed.test.ts', 'are absent while reading them throws']],
  },
  {
    name: 'scrape-held-to-its-end',
    breaks: 'What a scrape has waited for is held until its end.',
    file: 'packages/otel-preload/src/endpoint/stop.ts',
    find: 'work.then(resolve, reject).finally(() => this.#waits.delete(reject));',
    replace: 'work.then(resolve, reject);',
    fails: [['packages/otel-preload/test/endpoint.test.ts', 'is forgotten as it is sent: of a long text no more is held than a few chunks']],
  },
  {
    name: 'scrape-shows-the-past',
    breaks: 'A series that is no longer read is shown with its last value for ever.',
    file: 'packages/otel-preload/src/instruments/observed.ts',
    find: 'return this.#observed.get(name)?.values.has(series) ?? false;',
    replace: 'return this.#observed.get(name)?.values.has(series) !== undefined;',
    fails: [['packages/otel-preload/test/instruments-observed.test.ts', 'lose the series that are no longer seen, and get them back']],
  },
  {
    name: 'scrape-without-end',
    breaks: 'An exposition in OpenMetrics does not say where it ends.',
    file: 'packages/otel-preload/src/exposition/text.ts',
    find: `yield openMetrics ? \`\${chunk}# EOF\\n\` : chunk;`,
    replace: `yield openMetrics ? \`\${chunk}\` : chunk;`,
    fails: [['packages/otel-preload/test/exposition.test.ts', 'as OpenMetrics names counter families without _total and ends in # EOF']],
  },
  {
    name: 'scrape-without-what-waits',
    breaks: 'What waits to be written is not in a scrape.',
    file: 'packages/otel-preload/src/instruments/telemetry.ts',
    find: 'writer.flush();',
    replace: '',
    fails: [['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint']],
  },
];
