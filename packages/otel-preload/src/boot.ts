// The order of events: the only file that knows all rooms.

import type { Config } from './config';
import { createEndpoint } from './endpoint';
import { bullmq } from './hooks/bullmq';
import { express } from './hooks/express';
import { watchFastify } from './hooks/fastify';
import type { Hook, HookContext } from './hooks/hook';
import { watchFetch, watchHttpClient } from './hooks/http-client';
import { watchHttpServers } from './hooks/http-server';
import { ioredis } from './hooks/ioredis';
import { koa } from './hooks/koa';
import { otelApi } from './hooks/otel-api';
import { pg } from './hooks/pg';
import { watchProcessErrors } from './hooks/process-errors';
import { ws } from './hooks/ws';
import { createTelemetry } from './instruments/telemetry';
import { watchModules } from './loading/modules';
import { guarded } from './log';
import { publish } from './preloaded';
import { ofAllWorkers } from './processes';
import { RequestTracker } from './requests/tracker';
import { watchRuntime } from './runtime';
import { version } from './version';

const hooks: Readonly<Record<string, Hook>> = { express, koa, pg, ioredis, bullmq, ws };

/** Starts the preload in this process. To be called once. */
export function boot(config: Config): void {
  const telemetry = createTelemetry(config, version, ofAllWorkers);
  const { instruments } = telemetry;
  const requests = new RequestTracker(instruments);
  const context: HookContext = { config, instruments, requests };

  watchHttpServers(createEndpoint({ config, scrape: telemetry.scrape }), requests);
  watchProcessErrors(instruments);
  watchFastify(requests);
  const definitions = Object.entries(hooks).flatMap(([name, hook]) => guarded(`the ${name} hook`, () => hook(context)) ?? []);
  watchModules([...definitions, ...otelApi(telemetry.provider)]);
  watchRuntime(instruments, config);
  if (!config.disabled.has('http_client')) {
    guarded('the outgoing HTTP hook', () => watchHttpClient(telemetry.provider));
    watchFetch(instruments);
  }
  const { push, resource } = config;
  if (push !== undefined) {
    const { startPush } = require('./push') as typeof import('./push');
    guarded('pushing', () => startPush({ config: push, resource, feed: telemetry.feed(push.deltas), instruments }));
  }

  publish({ version, ...telemetry.app });
}
