// The contenders, and the flags that put each before the same app.

/** How a contender is started. */
export interface Contender {
  readonly name: string;
  /** Node flags before the app; paths are relative to the contenders' folder. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const OURS = 'otel-preload';

/** In the order of the report. `bare, again` is the noise: the same program as `bare`. */
export function contenders(preload: string): readonly Contender[] {
  return [
    { name: 'bare' },
    { name: 'bare, again' },
    { name: 'lower bound', flags: ['-r', './lower-bound.cjs'] },
    { name: OURS, flags: ['-r', preload], env: { PROMETHEUS_ENABLED: 'true' } },
    { name: 'hand-rolled prom-client', env: { CONTENDER: 'hand-rolled' } },
    { name: 'express-prom-bundle', env: { CONTENDER: 'express-prom-bundle' } },
    { name: 'stock OTel metrics', flags: ['-r', './stock-otel.cjs'] },
    {
      name: 'auto-instrumentations-node',
      flags: ['-r', '@opentelemetry/auto-instrumentations-node/register'],
      env: {
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      },
    },
  ];
}
