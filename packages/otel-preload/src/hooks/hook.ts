// What a hook is: it sees one library and writes to instruments. Hooks know nothing of one another.

import type { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import type { Config } from '../config';
import type { Instruments } from '../instruments';
import type { RequestTracker } from '../requests/tracker';

export interface HookContext {
  readonly config: Config;
  readonly instruments: Instruments;
  readonly requests: RequestTracker;
}

/** The modules that a hook wants to see when the app loads them. Patches change exports in place where they can. */
export type Hook = (context: HookContext) => InstrumentationNodeModuleDefinition[];

/**
 * Replaces a method so that another instrumentation can still wrap it, before or after us.
 *
 * Not the `_wrap` of InstrumentationBase: a second OpenTelemetry SDK recognises its marks and undoes it,
 * and our metrics would go silent.
 */
export function replaceMethod<T extends object, K extends keyof T>(owner: T, name: K, replacement: (original: T[K]) => T[K]): void {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const replaced = replacement(original);
  Object.defineProperty(replaced, 'name', { value: (original as unknown as { name: string }).name, configurable: true });
  Object.defineProperty(replaced, 'length', { value: (original as unknown as { length: number }).length, configurable: true });
  Object.defineProperty(owner, name, { value: replaced, writable: true, configurable: true, enumerable: Object.prototype.propertyIsEnumerable.call(owner, name) });
}
