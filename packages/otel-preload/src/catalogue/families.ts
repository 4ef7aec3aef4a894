// The families of metrics, each with its title in METRICS.md. METRICS_DISABLE leaves a family out as a whole.

export const families = {
  http: 'HTTP requests',
  http_client: 'Outgoing HTTP requests',
  database: 'Database',
  cache: 'Cache',
  jobs: 'Job queue',
  websocket: 'WebSockets',
  errors: 'Errors',
  business: 'Business',
  otel_preload: 'The preload itself',
  process: 'Process',
  nodejs: 'Node.js runtime',
} as const;

export type Family = keyof typeof families;
