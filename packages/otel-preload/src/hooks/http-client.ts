// Outgoing requests: node:http and node:https through the stock instrumentation, fetch and undici through their channels.

import { createRequire, syncBuiltinESMExports } from 'node:module';
import diagnostics from 'node:diagnostics_channel';
import { ProxyTracerProvider, type MeterProvider } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import type { Instruments } from '../instruments';
import { guarded } from '../log';
import { methodLabel } from '../requests/method-label';
import { replaceMethod } from './hook';

/**
 * Registers instrumentation-http for outgoing requests alone: it measures, and makes no spans, so that it adds nothing to the
 * traces of another SDK in the app.
 */
export function watchHttpClient(provider: MeterProvider): void {
  const instrumentation = new UnmarkedHttpInstrumentation({
    disableIncomingRequestInstrumentation: true,
    // An accepted upgrade has no response to measure: it would be counted as a request without one.
    ignoreOutgoingRequestHook: ({ headers }) => namesIn(headers).some((name) => String(name).toLowerCase() === 'upgrade'),
  });
  instrumentation.setTracerProvider(new ProxyTracerProvider());
  instrumentation.setMeterProvider(provider);
  // An ESM app imports node:http past the require hooks: patched here, it is patched there too.
  createRequire(__filename)('node:http');
  syncBuiltinESMExports();
}

/** Of headers in a list, which alternate, the values as well. */
function namesIn(headers: object | null | undefined): readonly unknown[] {
  return Array.isArray(headers) ? headers.flat() : Object.keys(headers ?? {});
}

type Send = (this: unknown, ...args: unknown[]) => unknown;

/** Wraps without shimmer's marks, by which a second SDK would recognise and undo our wrap. */
class UnmarkedHttpInstrumentation extends HttpInstrumentation {
  protected override _wrap: HttpInstrumentation['_wrap'] = (owner, name, wrapper) => {
    const wrap = wrapper as unknown as (send: Send) => Send;
    replaceMethod(owner, name, (original) => (name === 'request' ? asGiven(original as Send, wrap) : wrapper(original, name)) as typeof original);
    return owner[name] as ReturnType<HttpInstrumentation['_wrap']>;
  };
}

/**
 * Lets the instrumentation measure, and sends what the app gave. Sent on as the instrumentation makes it out, headers in a list became
 * headers called 0, 1, 2, and a password in a URL kept its percent signs. What is sent are then no trace headers of ours, either.
 */
function asGiven(request: Send, wrapper: (send: Send) => Send): Send {
  return function (this: unknown, ...args) {
    let sent = false;
    const send = (): unknown => {
      sent = true;
      return request.apply(this, args);
    };
    try {
      return wrapper(send).apply(this, args);
    } catch (thrown) {
      // Before it was sent it was the instrumentation that failed, on options that node:http itself has to judge.
      if (sent) throw thrown;
      return send();
    }
  };
}

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
