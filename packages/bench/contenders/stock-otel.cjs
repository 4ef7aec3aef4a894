// The stock OpenTelemetry metrics set: http, express, pg and ioredis instrumentations, the SDK, the Prometheus exporter.
const { context, metrics } = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { MeterProvider } = require('@opentelemetry/sdk-metrics');

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const meterProvider = new MeterProvider({ readers: [new PrometheusExporter({ port: Number(process.env.METRICS_PORT ?? 0), host: '127.0.0.1' })] });
metrics.setGlobalMeterProvider(meterProvider);
registerInstrumentations({
  meterProvider,
  instrumentations: [
    new (require('@opentelemetry/instrumentation-http').HttpInstrumentation)(),
    new (require('@opentelemetry/instrumentation-express').ExpressInstrumentation)(),
    new (require('@opentelemetry/instrumentation-pg').PgInstrumentation)(),
    new (require('@opentelemetry/instrumentation-ioredis').IORedisInstrumentation)(),
  ],
});
