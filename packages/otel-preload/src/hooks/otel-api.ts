// The app's own use of @opentelemetry/api: its instruments show up at /metrics, and its own SDK, if it has one, comes first.

import { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import type { MeterProvider } from '@opentelemetry/api';
import { guarded, sayOnce } from '../log';
import { replaceMethod } from './hook';

/** Where every copy of the API, of any 1.x version, keeps what was registered, with the version of the copy that registered first. */
const GLOBAL = Symbol.for('opentelemetry.js.api.1');

type Registered = Record<string, unknown> & { version: string };

interface Api {
  metrics: { setGlobalMeterProvider(provider: MeterProvider): boolean };
  trace: { setGlobalTracerProvider(...args: unknown[]): unknown };
  context: { setGlobalContextManager(...args: unknown[]): unknown };
  propagation: { setGlobalPropagator(...args: unknown[]): unknown };
}

/**
 * A copy of the API gets no-op instruments from a provider that an older copy registered, so ours is registered anew through
 * each newer copy that the app loads. Nothing that the app registers may meet ours and fail: ours steps aside first.
 */
export function otelApi(provider: MeterProvider): InstrumentationNodeModuleDefinition[] {
  const slot = globalThis as unknown as { [GLOBAL]?: Registered };
  let yielded = false;
  const register = (api: Api): void => {
    if (!yielded && slot[GLOBAL]?.['metrics'] === undefined) api.metrics.setGlobalMeterProvider(provider);
  };
  const stepAside = (): void => {
    const registered = slot[GLOBAL];
    if (registered?.['metrics'] !== provider) return;
    delete registered['metrics'];
    if (Object.keys(registered).length === 1) delete slot[GLOBAL];
  };
  const patch = (api: Api, version: string | undefined): Api => {
    guarded('@opentelemetry/api', () => {
      if (isNewer(version, slot[GLOBAL]?.version)) stepAside();
      register(api);
      makeWay(api);
    });
    return api;
  };
  const makeWay = (api: Api): void => {
    const first = <T extends object, K extends keyof T>(owner: T, name: K, after: () => void): void =>
      replaceMethod(owner, name, (set) =>
        function (this: unknown, ...args: unknown[]) {
          stepAside();
          const result: unknown = (set as (...args: unknown[]) => unknown).apply(this, args);
          after();
          return result;
        } as T[K],
      );
    const again = (): void => {
      sayOnce('second sdk', 'a second OpenTelemetry SDK runs in this app: both measure, side by side');
      register(api);
    };
    first(Object.getPrototypeOf(api.trace), 'setGlobalTracerProvider', again);
    first(Object.getPrototypeOf(api.context), 'setGlobalContextManager', again);
    first(Object.getPrototypeOf(api.propagation), 'setGlobalPropagator', again);
    first(Object.getPrototypeOf(api.metrics), 'setGlobalMeterProvider', () => {
      if (slot[GLOBAL]?.['metrics'] === undefined || slot[GLOBAL]['metrics'] === provider) return;
      yielded = true;
      sayOnce('second meter provider', "the app registered a MeterProvider of its own: what it makes with @opentelemetry/api goes there, not to the preload's scrape");
    });
  };
  return [new InstrumentationNodeModuleDefinition('@opentelemetry/api', ['>=1.3.0 <2'], patch)];
}

/** True if version a is of a later minor than b: the API's own rule of compatibility within a major. */
function isNewer(a: string | undefined, b: string | undefined): boolean {
  const minor = (version: string | undefined): number => Number(version?.split('.')[1] ?? Number.POSITIVE_INFINITY);
  return minor(a) > minor(b);
}
