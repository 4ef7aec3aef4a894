// What Next.js packs into its own files, nobody can measure: these stay packages.
export default {
  serverExternalPackages: ['@earntrack/otel-preload', 'pg', 'ioredis', 'bullmq'],
};
