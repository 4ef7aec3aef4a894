/** In a random order: a contender that always ran behind the same neighbour would find that neighbour's work in the processor's caches. */
export function shuffled<T>(all: readonly T[]): readonly T[] {
  return all
    .map((each): [number, T] => [Math.random(), each])
    .toSorted(([a], [b]) => a - b)
    .map(([, each]) => each);
}
