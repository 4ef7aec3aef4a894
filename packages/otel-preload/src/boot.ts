// The order of events: the only file with knowledge of all rooms.

import type { Config } from './config';
import { createEndpoint } from './endpoint';
import { hooks } from './hooks';
import { watchFastify } from './hooks/fastify';
import type { HookContext } from './hooks/hook';
import { watchFetch, watchHttpClient } from './hooks/node-http/client';
import { watchHttpServers } from './hooks/node-http/server';
import { metricsLibraries } from './hooks/metrics-libraries';
import { nextRoute } from './hooks/next';
import { otelApi } from './hooks/otel-api';
import { watchProcessErrors } from './hooks/process/errors';
import { createTelemetry, type Telemetry } from './telemetry';
import { watchModules } from './loading/modules';
import { guarded } from './log';
import { publish } from './preloaded';
import { ofAllWorkers } from './workers';
import { RequestTracker, type RequestWatcher } from './requests/tracker';
import { watchRuntime } from './runtime';
import { version } from './version';

/** Starts the preload in this process. To be called once. */
export function boot(config: Config): void {
  const telemetry = createTelemetry(config, version, ofAllWorkers);
  const { instruments } = telemetry;
  const requests = new RequestTracker(
    instruments,
    nextRoute,
    guarded('pushing', () => startPushing(config, telemetry)),
  );
  const context: HookContext = { config, instruments, requests };

  const loaded = new Set<string>();
  watchHttpServers(createEndpoint({ config, scrape: telemetry.scrape, loaded }), requests);
  watchProcessErrors(instruments);
  watchFastify(requests, () => loaded.add('fastify'));
  const libraries = Object.entries(hooks).flatMap(([name, hook]) => {
    const watched = guarded(`the ${name} hook`, () => hook(context)) ?? [];
    return watched.map((library) => ({ ...library, patch: (exports: unknown) => (loaded.add(name), library.patch(exports)) }));
  });
  watchModules([...libraries, ...metricsLibraries, ...otelApi(telemetry.meters)]);
  watchRuntime(instruments, config);
  if (!config.disabled.has('http_client')) {
    guarded('the outgoing HTTP hook', () => watchHttpClient(telemetry.provider));
    watchFetch(instruments);
  }

  publish({ version, ...telemetry.app });
}

function startPushing({ push, resource }: Config, { feed, instruments }: Telemetry): RequestWatcher | undefined {
  if (push === undefined) return undefined;
  const { startPush } = require('./push') as typeof import('./push');
  return startPush({ config: push, resource, feed: feed({ deltas: push.deltas, gauges: !push.serverless }), instruments });
}
