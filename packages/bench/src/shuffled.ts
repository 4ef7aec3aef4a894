/** In a random order: whoever always ran behind the same one, or behind itself, would find that one's work in the processor's caches. */
export function shuffled<T>(all: readonly T[]): readonly T[] {
  return all
    .map((each): [number, T] => [Math.random(), each])
    .toSorted(([a], [b]) => a - b)
    .map(([, each]) => each);
}
