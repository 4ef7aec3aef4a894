// Measures requests going out through node:http or node:https: the stock instrumentation, for outgoing requests alone.

import { ProxyTracerProvider, type MeterProvider } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { replaceMethod } from '../../patch';

export type Component = 'http' | 'https';

/** The functions of node:http and node:https for sending requests. */
export interface Calls {
  request: Send;
  get: Send;
}

export type Send = (this: unknown, ...args: any[]) => any;

/** The given calls, measured without spans: no span of the preload enters the traces of a second SDK in the app. */
export function measure(component: Component, given: Calls, provider: MeterProvider): Calls {
  const instrumentation = new UnmarkedHttpInstrumentation({
    // Never enabled: once enabled, the instrumentation would hook every require of the app. Its patch is called here.
    enabled: false,
    disableIncomingRequestInstrumentation: true,
    // An accepted upgrade has no response to measure: the instrumentation would count a request without a response.
    ignoreOutgoingRequestHook: ({ headers }) => namesIn(headers).some((name) => String(name).toLowerCase() === 'upgrade'),
  });
  instrumentation.setTracerProvider(new ProxyTracerProvider());
  instrumentation.setMeterProvider(provider);
  const measured = { ...given };
  for (const { name, patch } of instrumentation.getModuleDefinitions()) if (name === component) patch?.(measured);
  return measured;
}

/** For headers in a list, where names and values alternate: the values as well. */
function namesIn(headers: object | null | undefined): readonly unknown[] {
  return Array.isArray(headers) ? headers.flat() : Object.keys(headers ?? {});
}

/** Wraps without shimmer's marks: by the marks a second SDK would recognise and undo our wrap. */
class UnmarkedHttpInstrumentation extends HttpInstrumentation {
  protected override _wrap: HttpInstrumentation['_wrap'] = (owner, name, wrapper) => {
    const wrap = wrapper as unknown as (send: Send) => Send;
    replaceMethod(owner, name, (original) => (name === 'request' ? asGiven(original as Send, wrap) : wrapper(original, name)) as typeof original);
    return owner[name] as ReturnType<HttpInstrumentation['_wrap']>;
  };
}

/**
 * Sends the app's own arguments, and lets the instrumentation measure the request. Sent from the instrumentation's arguments, headers in a
 * list became headers called 0, 1, 2, and a password in a URL kept its percent signs. The request so carries no trace headers of ours,
 * either. The request is sent first, so that an error thrown by node:http has none of the instrumentation's frames before the app's.
 */
function asGiven(request: Send, wrapper: (send: Send) => Send): Send {
  return function (this: unknown, ...args) {
    const sent: unknown = request.apply(this, args);
    try {
      wrapper(() => sent).apply(this, args);
    } catch {
      // If node:http has taken the options and the instrumentation fails, the request goes its way unmeasured.
    }
    return sent;
  };
}
