// From label values to what stands for their series, made once: a map for each label, since a key of all values would be text to build.

import { compact } from './compact';

type Branch<T> = Map<string, Branch<T> | T>;

export class LabelTree<T> {
  readonly #root: Branch<T> = new Map();

  /**
   * @param admit the values as they may be recorded, each within its label's cap
   * @param make makes what stands for a series of admitted values
   */
  constructor(
    readonly names: readonly string[],
    private readonly admit: (values: readonly string[]) => readonly string[],
    private readonly make: (values: readonly string[]) => T,
  ) {}

  /** For up to three values, in the order of the names; the same for the same values. The hot path. */
  of(a = '', b = '', c = ''): T {
    let node = this.#root.get(a);
    if (node !== undefined && this.names.length > 1) node = (node as Branch<T>).get(b);
    if (node !== undefined && this.names.length > 2) node = (node as Branch<T>).get(c);
    return (node as T | undefined) ?? this.ofAll([a, b, c]);
  }

  /** For any number of values; those that are missing are empty. */
  ofAll(values: readonly string[]): T {
    const admitted = this.admit(this.names.map((_, index) => values[index] ?? ''));
    return this.#find(admitted) ?? this.#add(admitted.map(compact));
  }

  #find(values: readonly string[]): T | undefined {
    let branch: Branch<T> | undefined = this.#root;
    for (const value of values.slice(0, -1)) branch = branch?.get(value) as Branch<T> | undefined;
    return branch?.get(values.at(-1) ?? '') as T | undefined;
  }

  #add(values: readonly string[]): T {
    let branch = this.#root;
    for (const value of values.slice(0, -1)) branch = grow(branch, value);
    const made = this.make(values);
    branch.set(values.at(-1) ?? '', made);
    return made;
  }
}

function grow<T>(branch: Branch<T>, value: string): Branch<T> {
  let next = branch.get(value) as Branch<T> | undefined;
  if (next === undefined) branch.set(value, (next = new Map()));
  return next;
}
