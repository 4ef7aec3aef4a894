// What measures a request that goes out through node:http or node:https: the stock instrumentation, for outgoing requests alone.

import { ProxyTracerProvider, type MeterProvider } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { replaceMethod } from '../../patch';

export type Component = 'http' | 'https';

/** What of node:http and node:https sends requests. */
export interface Calls {
  request: Send;
  get: Send;
}

export type Send = (this: unknown, ...args: any[]) => any;

/** The calls given, measured: it makes no spans, so that it adds nothing to the traces of another SDK in the app. */
export function measure(component: Component, given: Calls, provider: MeterProvider): Calls {
  const instrumentation = new UnmarkedHttpInstrumentation({
    // Never enabled, which would have it hook every require of the app: its patch is called here.
    enabled: false,
    disableIncomingRequestInstrumentation: true,
    // An accepted upgrade has no response to measure: it would be counted as a request without one.
    ignoreOutgoingRequestHook: ({ headers }) => namesIn(headers).some((name) => String(name).toLowerCase() === 'upgrade'),
  });
  instrumentation.setTracerProvider(new ProxyTracerProvider());
  instrumentation.setMeterProvider(provider);
  const measured = { ...given };
  for (const { name, patch } of instrumentation.getModuleDefinitions()) if (name === component) patch?.(measured);
  return measured;
}

/** Of headers in a list, which alternate, the values as well. */
function namesIn(headers: object | null | undefined): readonly unknown[] {
  return Array.isArray(headers) ? headers.flat() : Object.keys(headers ?? {});
}

/** Wraps without shimmer's marks, by which a second SDK would recognise and undo our wrap. */
class UnmarkedHttpInstrumentation extends HttpInstrumentation {
  protected override _wrap: HttpInstrumentation['_wrap'] = (owner, name, wrapper) => {
    const wrap = wrapper as unknown as (send: Send) => Send;
    replaceMethod(owner, name, (original) => (name === 'request' ? asGiven(original as Send, wrap) : wrapper(original, name)) as typeof original);
    return owner[name] as ReturnType<HttpInstrumentation['_wrap']>;
  };
}

/**
 * Sends what the app gave, and lets the instrumentation measure that. Sent on as the instrumentation makes it out, headers in a list became
 * headers called 0, 1, 2, and a password in a URL kept its percent signs. What is sent are then no trace headers of ours, either. It is
 * sent first, so that what node:http throws at once has none of the instrumentation's frames before the app's.
 */
function asGiven(request: Send, wrapper: (send: Send) => Send): Send {
  return function (this: unknown, ...args) {
    const sent: unknown = request.apply(this, args);
    try {
      wrapper(() => sent).apply(this, args);
    } catch {
      // Options that node:http itself has taken: the request goes its way unmeasured.
    }
    return sent;
  };
}
