import type { Mutant } from '../mutant';

export const labels: readonly Mutant[] = [
  {
    name: 'catalogue-labels-swapped',
    breaks: 'The labels of errors_total change their places.',
    file: 'packages/otel-preload/src/catalogue/errors.ts',
    find: `labels: ['error_type', 'endpoint'],`,
    replace: `labels: ['endpoint', 'error_type'],`,
    fails: [
      ['test/contract/exposition.test.ts', 'The exposition of all.cjs is the golden one'],
      ['test/preload/express.test.ts', 'Express 5 with the preload counts exceptions that end in a 5xx or come too late, by class, and no 4xx'],
    ],
  },
  {
    name: 'labels-hashed-alike',
    breaks: 'To the SDK, all label sets of a metric are the same.',
    file: 'packages/otel-preload/src/instruments/label-sets.ts',
    find: 'return this.row;',
    replace: 'return 0 * this.row;',
    fails: [['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint']],
  },
  {
    name: 'labels-lost-at-sdk-limit',
    breaks: 'Beyond two thousand series the SDK’s own limit loses the status.',
    file: 'packages/otel-preload/src/instruments/views.ts',
    find: 'const UNLIMITED = Number.MAX_SAFE_INTEGER;',
    replace: 'const UNLIMITED = 2000;',
    fails: [['packages/otel-preload/test/instruments.test.ts', 'keep every status when thousands of series are full']],
  },
  {
    name: 'labels-of-own-metrics-without-cap',
    breaks: 'The labels of the app’s own metrics have no cap.',
    file: 'packages/otel-preload/src/instruments/label-caps.ts',
    find: `return value === OTHER || taken < this.caps.rest ? value : this.#fold(label, taken, 'rest');`,
    replace: `return value === OTHER || taken < 1e9 * this.caps.rest ? value : this.#fold(label, taken, 'rest');`,
    fails: [['packages/otel-preload/test/instruments-app-metrics.test.ts', 'have label budgets of their own']],
  },
  {
    name: 'labels-without-cap',
    breaks: 'The labels of documented metrics have no cap.',
    file: 'packages/otel-preload/src/instruments/label-caps.ts',
    find: 'if (seen.size >= (CLOSED[label] ?? this.caps[cap])) return this.#fold(label, seen.size, cap);',
    replace: 'if (seen.size >= 1e9 * (CLOSED[label] ?? this.caps[cap])) return this.#fold(label, seen.size, cap);',
    fails: [
      ['packages/otel-preload/test/instruments.test.ts', 'have a cap: what comes after counts under other'],
      ['test/truth/cache.test.ts', 'are counted under other once there are METRICS_MAX_CACHE_TYPES types'],
    ],
  },
];
