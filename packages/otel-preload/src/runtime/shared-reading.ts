// One reading of a source for all the metrics of one collection that come from it.

/** `read`, done once for all who ask in the same turn; a collection asks all at once. */
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
