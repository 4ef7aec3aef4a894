// Starts the backend: node -r @earntrack/otel-preload dist/src/backend/main.js

import { createApp } from './app';
import { readConfig } from './config';
import { serve, stopOnSignals } from './serve';
import { openServices } from './services';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const services = await openServices(config);
  const running = await serve(createApp(services), services, config.port);
  stopOnSignals(running);
  console.log(`EarnTrack backend listens on port ${running.port}`);
}

main().catch((error: Error) => {
  console.error(`EarnTrack backend not started: ${error.message}`);
  process.exit(1);
});
