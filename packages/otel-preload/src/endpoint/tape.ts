// A text made once and read by several readers, each at its own pace. The tape makes no more than the fastest reader has taken, and holds no
// part longer than the slowest reader needs the part.

/** A reader's position: holds the parts still to come, and no earlier part. */
export class Place<T> {
  #next: Promise<Step<T> | undefined> | undefined;

  constructor(private readonly tape: Tape<T>) {}

  /** The next part, or undefined at the end; the same for all readers at this place. */
  next(): Promise<Step<T> | undefined> {
    return (this.#next ??= this.#pull());
  }

  async #pull(): Promise<Step<T> | undefined> {
    const { done, value } = await (await this.tape.source).next();
    return done === true ? undefined : { value, place: new Place(this.tape) };
  }
}

interface Step<T> {
  readonly value: T;
  readonly place: Place<T>;
}

export class Tape<T> {
  #readers = 0;

  constructor(
    readonly source: Promise<AsyncIterator<T>>,
    /** Called after the last reader has left. */
    private readonly ended: () => void,
  ) {
    // Each reader sees the rejection in its own wait.
    source.catch(() => {});
  }

  get isRead(): boolean {
    return this.#readers > 0;
  }

  joined(): void {
    this.#readers += 1;
  }

  /** When the last reader leaves, the making ends. Nobody waits for the end: a part that never comes would block the wait. */
  left(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.ended();
    this.source.then((iterator) => iterator.return?.()).catch(() => {});
  }
}
