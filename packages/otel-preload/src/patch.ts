// How a method of the app's, of a library's or of Node.js's is replaced.

/**
 * Replaces a method so that a further instrumentation can still wrap the method, earlier or later than the preload.
 *
 * Not the `_wrap` of InstrumentationBase: a second OpenTelemetry SDK recognises the marks of `_wrap` and undoes the wrap,
 * and the preload's metrics would go silent. Above a wrap of such an SDK, the replacement carries the SDK's marks in the wrap's place: the SDK
 * undoes its wrap before wrapping anew, and would otherwise measure twice.
 *
 * @throws if the method is missing: the hook leaves a library of an unknown shape alone, and the log says so
 */
export function replaceMethod<T extends object, K extends keyof T>(owner: T, name: K, replacement: (original: T[K]) => T[K]): void {
  const original = owner[name];
  if (typeof original !== 'function') throw new TypeError(`it has no method ${String(name)}`);
  const replaced = replacement(original);
  const keep = (property: string, value: unknown): unknown => Object.defineProperty(replaced, property, { value, configurable: true });
  keep('name', original.name);
  keep('length', original.length);
  const { __wrapped, __original: beneath } = original as Marked<T[K]>;
  if (__wrapped === true && beneath !== undefined) {
    keep('__wrapped', true);
    keep('__original', beneath);
    keep('__unwrap', () => define(owner, name, replacement(beneath)));
  }
  define(owner, name, replaced);
}

/** The marks of shimmer on a wrap. */
interface Marked<F> {
  readonly __wrapped?: boolean;
  readonly __original?: F;
}

function define<T extends object, K extends keyof T>(owner: T, name: K, value: T[K]): void {
  Object.defineProperty(owner, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: Object.prototype.propertyIsEnumerable.call(owner, name),
  });
}
