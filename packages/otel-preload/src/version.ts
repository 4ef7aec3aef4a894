/** This package's version. */
export const { version } = require('@earntrack/otel-preload/package.json') as { version: string };
