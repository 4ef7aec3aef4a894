// A single reading of a source for all metrics of a collection that come from the source.

/** `read`, done once for all callers of the same turn; a collection asks all at once. */
export function sharedReading<T>(read: () => T): () => T {
  let reading: { readonly value: T } | undefined;
  return () => {
    if (reading === undefined) {
      reading = { value: read() };
      queueMicrotask(() => (reading = undefined));
    }
    return reading.value;
  };
}
