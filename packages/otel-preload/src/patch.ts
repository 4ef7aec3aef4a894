// How a method of the app's, of a library's or of Node.js's is replaced.

/**
 * Replaces a method so that another instrumentation can still wrap it, before or after us.
 *
 * Not the `_wrap` of InstrumentationBase: a second OpenTelemetry SDK recognises its marks and undoes it,
 * and our metrics would go silent. Over a wrap of such an SDK, marks like its own stand for that wrap: the SDK undoes it before
 * it wraps anew, and would otherwise measure twice.
 *
 * @throws if there is no such method: a library of another shape than the hook knows is left alone, and said so
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

/** What shimmer leaves on a wrap. */
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
