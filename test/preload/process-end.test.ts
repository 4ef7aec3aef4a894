// The process ends as it would without the preload.

import assert from 'node:assert/strict';
import { startApp } from '../support/app';
import { scrapeUntil, seriesOf } from '../support/exposition';

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly complaint: string | undefined;
}

async function end(way: string, flags: readonly string[] | undefined, signal?: NodeJS.Signals): Promise<Ending> {
  const app = await startApp('ends.js', { args: [way], ...(flags && { flags }) });
  if (signal) app.process.kill(signal);
  const { code, signal: died } = await app.exited;
  return { code, signal: died, complaint: /TypeError: \w+/.exec(app.stderr())?.[0] };
}

const ENDINGS: readonly [way: string, signal?: NodeJS.Signals][] = [
  ['end-of-work'],
  ['exit'],
  ['throw'],
  ['reject'],
  ['reject-handled'],
  ['throw-handled'],
  ['signal', 'SIGTERM'],
  ['signal', 'SIGINT'],
  ['signal-handled', 'SIGTERM'],
];

describe('the end of a process', () => {
  for (const [way, signal] of ENDINGS) {
    it(`by ${way} ${signal ?? ''} is the same with the preload as without`, async () => {
      const [bare, preloaded] = await Promise.all([end(way, [], signal), end(way, undefined, signal)]);
      assert.deepEqual(preloaded, bare);
    });
  }

  const ways: readonly [sentence: string, ...args: string[]][] = [
    ['errors outside of requests are counted under endpoint none, a rejection once'],
    ['an unhandled rejection that ends as an uncaught exception is one error', 'as-exception'],
  ];
  for (const [sentence, ...args] of ways) {
    it(sentence, async () => {
      const app = await startApp('errors-outside.js', { args });
      try {
        const samples = await scrapeUntil(app.port, (now) => Object.keys(seriesOf(now, 'errors_total')).length >= 2);
        assert.deepEqual(seriesOf(samples, 'errors_total'), {
          'endpoint="none",error_type="RangeError"': 1,
          'endpoint="none",error_type="TypeError"': 1,
        });
      } finally {
        await app.stop();
      }
    });
  }
});
