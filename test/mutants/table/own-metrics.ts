import type { Mutant } from '../mutant';

export const ownMetrics: readonly Mutant[] = [
  {
    name: 'otel-api-imported-copy-missed',
    breaks: 'The copy of the API that an ES module imports is not seen.',
    file: 'packages/otel-preload/src/hooks/otel-api/index.ts',
    find: 'guarded(NAME, () => seeEsmCopy(NAME, (api) => see(api as Api)));',
    replace: `guarded(NAME, () => seeEsmCopy('@opentelemetry/none', (api) => see(api as Api)));`,
    fails: [['test/preload/otel-api.test.ts', 'is served: newest-api/app.mjs']],
  },
  {
    name: 'otel-api-registered',
    breaks: 'The preload registers its MeterProvider, of which copies of the API of other versions take nothing.',
    file: 'packages/otel-preload/src/hooks/otel-api/index.ts',
    find: 'standIn(api, meters);',
    replace: 'if (!api.metrics.setGlobalMeterProvider(meters)) standIn(api, meters);',
    fails: [['test/preload/otel-api.test.ts', 'is served: newest-api/app.cjs older-first']],
  },
];
