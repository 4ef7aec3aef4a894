// The app's own use of @opentelemetry/api: the app's instruments show up at /metrics, and an SDK of the app's comes first.

import type { MeterProvider } from '@opentelemetry/api';
import { seeEsmCopy } from '../../loading/esm-copy';
import type { WatchedModule } from '../../loading/modules';
import { guarded, sayOnce } from '../../log';
import { replaceMethod } from '../../patch';

const NAME = '@opentelemetry/api';
/** The place where every copy of the API, of any 1.x version, keeps all registrations, with the version of the first registering copy. */
const GLOBAL = Symbol.for('opentelemetry.js.api.1');

/** An SDK's registrations; a logger of the API's own diagnostics (`diag`) may stand beside them. */
const SDK_PARTS = ['trace', 'context', 'propagation', 'metrics'];

type Registered = Readonly<Record<string, unknown>>;

interface Api {
  readonly metrics: { getMeterProvider(): MeterProvider; setGlobalMeterProvider(provider: MeterProvider): boolean };
  readonly trace: { setGlobalTracerProvider(...args: unknown[]): unknown };
  readonly context: { setGlobalContextManager(...args: unknown[]): unknown };
  readonly propagation: { setGlobalPropagator(...args: unknown[]): unknown };
}

/**
 * Stands in for the MeterProvider in each copy of the API loaded by the app, for as long as the app registers none.
 *
 * Ours is not registered: a copy takes nothing from a provider registered by an older copy, and refuses to register beside
 * a different version: an SDK of the app's would fail because of our registration.
 */
export function otelApi(meters: MeterProvider): readonly WatchedModule[] {
  const seen = new WeakSet<object>();
  const see = (api: Api): Api => {
    guarded(NAME, () => {
      if (seen.has(api.metrics)) return;
      seen.add(api.metrics);
      standIn(api, meters);
      watchRegistrations(api);
    });
    return api;
  };
  if (SDK_PARTS.some((part) => registered()?.[part] !== undefined)) saySecondSdk();
  guarded(NAME, () => seeEsmCopy(NAME, (api) => see(api as Api)));
  return [{ name: NAME, versions: '>=1.3.0 <2', patch: see }];
}

function registered(): Registered | undefined {
  return (globalThis as unknown as { [GLOBAL]?: Registered })[GLOBAL];
}

function standIn({ metrics }: Api, provider: MeterProvider): void {
  replaceMethod(
    metrics,
    'getMeterProvider',
    (getMeterProvider) =>
      function (this: Api['metrics']) {
        return registered()?.['metrics'] === undefined ? provider : getMeterProvider.call(this);
      },
  );
}

function watchRegistrations({ trace, context, propagation, metrics }: Api): void {
  afterwards(trace, 'setGlobalTracerProvider', saySecondSdk);
  afterwards(context, 'setGlobalContextManager', saySecondSdk);
  afterwards(propagation, 'setGlobalPropagator', saySecondSdk);
  afterwards(metrics, 'setGlobalMeterProvider', saySecondSdk);
}

function afterwards<T extends object, K extends keyof T>(owner: T, name: K, then: () => void): void {
  replaceMethod(
    owner,
    name,
    (method) =>
      function (this: T, ...args: unknown[]) {
        const result: unknown = (method as (...args: unknown[]) => unknown).apply(this, args);
        then();
        return result;
      } as T[K],
  );
}

/** Called once the SDK has made all its registrations: its MeterProvider usually comes last. */
function saySecondSdk(): void {
  process.nextTick(() => {
    const line = 'a second OpenTelemetry SDK runs in this app: both measure, side by side';
    if (registered()?.['metrics'] === undefined) return sayOnce('second sdk', line);
    sayOnce('second sdk', `${line}; what the app makes with ${NAME} goes to the SDK's MeterProvider, not to this scrape`);
  });
}
