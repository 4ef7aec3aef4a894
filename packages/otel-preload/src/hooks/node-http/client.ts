// Outgoing requests: node:http and node:https through the stock instrumentation, fetch and undici through their channels.

import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { MeterProvider } from '@opentelemetry/api';
import type { Instruments } from '../../instruments';
import { guarded } from '../../log';
import { methodLabel } from '../../requests/method-label';
import { replaceMethod } from '../../patch';
import type { Calls, Component, Send } from './client-calls';

/**
 * Wraps the functions for sending requests. The measuring code is loaded with the first request: many apps send none, or none through
 * node:http. node:https is loaded here, since an import of node:https passes by every require hook.
 */
export function watchHttpClient(provider: MeterProvider): void {
  watchCalls('http', http, provider);
  watchCalls('https', require('node:https') as typeof import('node:https'), provider);
  // An ESM app has copies of a built-in module's exports.
  syncBuiltinESMExports();
}

function watchCalls(component: Component, module: Calls, provider: MeterProvider): void {
  const { request, get } = module;
  const measured = (name: keyof Calls, given: Calls): Send => {
    let calls: Calls | undefined;
    return function (this: unknown, ...args) {
      calls ??= guarded('the outgoing HTTP hook', () => loadCalls().measure(component, given, provider)) ?? given;
      return calls[name].apply(this, args);
    };
  };
  replaceMethod(module, 'request', (original) => measured('request', { request: original, get }));
  replaceMethod(module, 'get', (original) => measured('get', { request, get: original }));
}

const loadCalls = (): typeof import('./client-calls') => require('./client-calls') as typeof import('./client-calls');

interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
}

interface Exchange {
  readonly start: number;
  status: string;
}

/** undici's channels; https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
export function watchFetch(instruments: Instruments): void {
  const exchanges = new WeakMap<UndiciRequest, Exchange>();
  const end = (request: UndiciRequest): void => {
    const exchange = exchanges.get(request);
    if (exchange === undefined) return;
    exchanges.delete(request);
    instruments.duration(
      'http.client.request.duration',
      (performance.now() - exchange.start) / 1000,
      methodLabel(request.method),
      new URL(request.origin).hostname,
      exchange.status,
    );
  };
  const on = <M extends { request: UndiciRequest }>(event: string, see: (message: M) => void): void =>
    diagnostics.subscribe(`undici:request:${event}`, (message) => void guarded('fetch', () => see(message as M)));
  on('create', ({ request }) => exchanges.set(request, { start: performance.now(), status: 'error' }));
  on<{ request: UndiciRequest; response: { statusCode: number } }>('headers', ({ request, response }) => {
    const exchange = exchanges.get(request);
    if (exchange !== undefined) exchange.status = String(response.statusCode);
  });
  on('trailers', ({ request }) => end(request));
  on('error', ({ request }) => end(request));
}
