// A process that holds SERIES label sets of one KIND (histogram or counter), recorded the way CONTENDER does it, and is scraped.
// Over IPC: `usage` (CPU in µs), `collect` (heap after a collection, in bytes), `stall` (longest delay of the event loop in µs
// since it was last asked).
const http = require('node:http');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const series = Number(process.env.SERIES);
const isCounter = process.env.KIND === 'counter';
const boundaries = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
const side = Math.ceil(Math.sqrt(series));

/** Calls `record(a, b)` once for each label set. */
function fill(record) {
  for (let index = 0; index < series; index += 1) record(`a${Math.floor(index / side)}`, `b${index % side}`);
}

const contenders = {
  empty: () => undefined,
  'otel-preload': () => {
    const { declareMetrics } = require(process.env.PRELOAD_METRICS);
    const labels = ['a', 'b'];
    if (isCounter) {
      const own = declareMetrics({ bench_total: { kind: 'counter', help: 'Bench.', labels } });
      return void fill((a, b) => own('bench_total').add(42, { a, b }));
    }
    const own = declareMetrics({ bench_ms: { kind: 'histogram', help: 'Bench.', labels, boundaries } });
    fill((a, b) => own('bench_ms').record(42, { a, b }));
  },
  'prom-client': () => {
    const client = require('prom-client');
    const histogram = new client.Histogram({ name: 'bench_ms', help: 'Bench.', labelNames: ['a', 'b'], buckets: boundaries });
    fill((a, b) => histogram.observe({ a, b }, 42));
    return async (res) => res.end(await client.register.metrics());
  },
  'stock OTel': () => {
    const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
    const exporter = new PrometheusExporter({ preventServerStart: true });
    record(exporter);
    return (res) => exporter.getMetricsRequestHandler({}, res);
  },
  'SDK collect()': () => {
    const { MetricReader } = require('@opentelemetry/sdk-metrics');
    class Reader extends MetricReader {
      async onForceFlush() {}
      async onShutdown() {}
    }
    const reader = new Reader();
    record(reader);
    return async (res) => {
      await reader.collect();
      res.end();
    };
  },
};

function record(reader) {
  const { MeterProvider } = require('@opentelemetry/sdk-metrics');
  const views = [{ instrumentName: '*', aggregationCardinalityLimit: series + 1 }];
  const meter = new MeterProvider({ readers: [reader], views }).getMeter('bench');
  if (isCounter) {
    const counter = meter.createCounter('bench_total');
    return fill((a, b) => counter.add(42, { a, b }));
  }
  const histogram = meter.createHistogram('bench_ms', { advice: { explicitBucketBoundaries: boundaries } });
  fill((a, b) => histogram.record(42, { a, b }));
}

const scrape = contenders[process.env.CONTENDER]();
const delay = monitorEventLoopDelay({ resolution: 1 });
const answers = {
  usage: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  collect: () => {
    global.gc();
    global.gc();
    return process.memoryUsage().heapUsed;
  },
  stall: () => {
    const longest = delay.max / 1000;
    delay.reset();
    return longest;
  },
};
const server = http.createServer((req, res) => (scrape ? scrape(res) : res.end()));
server.listen(0, '127.0.0.1', () => {
  delay.enable();
  process.on('message', (question) => process.send({ [question]: answers[question]() }));
  process.send({ port: server.address().port });
});
