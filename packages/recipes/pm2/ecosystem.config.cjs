// pm2 start ecosystem.config.cjs
// Four workers on one port; whichever is scraped answers for all.
module.exports = {
  apps: [
    {
      name: 'earntrack-backend',
      script: 'dist/main.js',
      exec_mode: 'cluster',
      instances: 4,
      // The file's whole path: PM2 looks for a bare name from the folder in which its daemon was started, and at a boot that is not this one.
      node_args: ['-r', require.resolve('@earntrack/otel-preload')],
      // METRICS_AUTH_TOKEN=… belongs into .env beside dist/ (mode 0600), which the preload reads; what stands here, `pm2 save` writes elsewhere.
      env: {
        NODE_ENV: 'production',
        PORT: '3001',
        PROMETHEUS_ENABLED: 'true',
        METRICS_PORT: '3001',
      },
    },
  ],
};
